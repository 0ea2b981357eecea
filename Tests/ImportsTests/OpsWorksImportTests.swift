import Definitions
import Kubernetes
import Testing

import Imports

struct OpsWorksImportTests {
  static let stack = """
    {
      "opsworks": { "stack": { "name": "news" } },
      "deploy": {
        "simple_php": {
          "application_type": "php",
          "domains": ["news.example.com", "www.example.com", "simple_php"],
          "mounted_at": "/blog",
          "ssl_support": true,
          "ssl_certificate_key": "-----BEGIN RSA PRIVATE KEY-----\\nMIIEsecretsecret\\n-----END",
          "scm": { "repository": "git@github.com:example/news.git", "password": "hunter2hunter2" },
          "environment_variables": {
            "PORT": "9000",
            "LOG_LEVEL": "info",
            "WORKERS": 8,
            "GREETING": "$(HOME) is \\"here\\"\\n\\u2028",
            "API_TOKEN": "tok-13579",
            "DSN": "mysql://root:s3cr3t-dsn@db.internal/news",
            "POD_IP": "1.2.3.4",
            "not-a:name": "x"
          },
          "database": { "adapter": "mysql2", "host": "10.0.3.7", "database": "news", "username": "news",
                        "password": "p4ssw0rd-of-db", "reconnect": true },
          "memcached": { "host": "cache.internal", "port": 11211 },
          "features": { "comments": true, "newrelic_license_key": "f00dfeedf00dfeed" }
        }
      },
      "ranking": { "size": 20, "redis": { "url": "redis://:redispw99@r.internal:6379" } },
      "credentials": { "user": "vaultuser", "pin": 918273 },
      "motd": "hello"
    }
    """
  /// Each of them stands in the JSON, and may stand nowhere else.
  static let secrets = [
    "MIIEsecretsecret", "hunter2hunter2", "tok-13579", "s3cr3t-dsn", "p4ssw0rd-of-db", "f00dfeedf00dfeed", "redispw99",
    "vaultuser", "918273",
  ]

  func read(_ texts: String..., service: String? = nil, owner: String? = "news-web") throws -> ImportResult {
    let sources = texts.enumerated().map { ImportSource(name: "custom\($0).json", text: $1) }
    return try OpsWorksImport.read(sources, .init(service: service, owner: owner))
  }

  func service(_ result: ImportResult) throws -> MicroserviceSpec {
    let file = try #require(result.files.first { $0.path.hasSuffix("microservice.yaml") })
    let services = try ServiceDefinition.read(file.text, file: file.path, environment: nil)
    return try #require(services.first).microservice.spec
  }

  @Test func definitionsReaderTakesIt() throws {
    let spec = try service(try read(Self.stack))
    #expect(spec.owner == "news-web")
    #expect(spec.image == "simple-php")
    #expect(spec.port == 9000)
    #expect(spec.expose?.host == "news.example.com")
    #expect(spec.expose?.path == "/blog")
    #expect(spec.config == "config/")
    let json = spec.json
    #expect(json["env"]?["LOG_LEVEL"] == "info")
    #expect(json["env"]?["WORKERS"] == "8")
    #expect(json["env"]?["GREETING"] == "$$(HOME) is \"here\"\n\u{2028}")
    #expect(json["env"]?["API_TOKEN"] == ["secret": "simple-php-env", "key": "API_TOKEN"])
    #expect(json["env"]?["DATABASE_PASSWORD"] == ["secret": "simple-php-db", "key": "password"])
    #expect(json["env"]?["DATABASE_HOST"] == "10.0.3.7")
    #expect(json["env"]?["DATABASE_RECONNECT"] == "true")
    #expect(json["env"]?["RANKING_REDIS_URL"] == ["secret": "simple-php-config", "key": "ranking.redis.url"])
    #expect(json["network"]?["to"] == ["10.0.3.7/32:3306"])
    #expect(json["network"]?["egress"] == ["cache.internal:11211"])
  }

  @Test func freeAttributesAreFiles() throws {
    let files = try read(Self.stack).files
    #expect(
      files.map(\.path) == ["microservice.yaml", "config/deploy.json", "config/ranking.json", "config/node.json"])
    #expect(try JSONValue(parsing: files[1].text) == ["features": ["comments": true]])
    #expect(try JSONValue(parsing: files[2].text) == ["size": 20])
    #expect(try JSONValue(parsing: files[3].text) == ["motd": "hello"])
  }

  @Test func noSecretIsWrittenOrTold() throws {
    let result = try read(Self.stack)
    let all = result.files.map(\.text).joined() + result.report
    for secret in Self.secrets {
      #expect(Self.stack.contains(secret))
      #expect(!all.contains(secret), "\(secret) came out")
    }
    let wanted = result.secrets.map { "\($0.secret)/\($0.key)" }
    #expect(
      Set(wanted) == [
        "simple-php-env/API_TOKEN", "simple-php-env/DSN", "simple-php-db/password",
        "simple-php-config/features.newrelic_license_key", "simple-php-config/ranking.redis.url",
        "simple-php-config/credentials.user", "simple-php-config/credentials.pin",
      ])
    #expect(
      result.report.contains("simple-php-db, key password, for DATABASE_PASSWORD: the value at custom0.json:22:21"))
  }

  @Test(arguments: [
    ("custom0.json:2:3", "section opsworks"), ("custom0.json:6:7", "1 more of its domains"),
    ("custom0.json:8:7", "ssl_support"), ("custom0.json:9:7", "ssl_certificate_key"), ("custom0.json:10:7", "scm"),
    ("custom0.json:18:9", "POD_IP"), ("custom0.json:19:9", "not a variable's name"),
  ]) func tellsWhatItLeavesOut(_ place: String, _ what: String) throws {
    let found = try read(Self.stack).notCarried.map(\.description)
    #expect(found.contains { $0.hasPrefix(place + ":") && $0.contains(what) }, "\(found)")
  }

  @Test func laterFilesAreLaidOverEarlierOnes() throws {
    let result = try read(
      #"{"deploy": {"a": {"environment_variables": {"X": "1", "Y": "1"}}}}"#,
      #"{"deploy": {"a": {"environment_variables": {"Y": "2", "TOKEN": "abc"}}}}"#)
    let json = try service(result).json
    #expect(json["env"]?["X"] == "1")
    #expect(json["env"]?["Y"] == "2")
    #expect(result.secrets.map(\.place) == [SourcePlace(file: "custom1.json", line: 1, column: 55)])
    #expect(result.notCarried.isEmpty)
  }

  @Test func severalApplicationsAreSeveralDirectories() throws {
    let text = #"{"deploy": {"web": {}, "work_er": {"rails_env": "production", "migrate": true}}, "x": {"y": 1}}"#
    let result = try read(text)
    #expect(
      result.files.map(\.path) == [
        "web/microservice.yaml", "web/config/x.json", "work-er/microservice.yaml", "work-er/config/x.json",
      ])
    let one = try service(try read(text, service: "work-er"))
    #expect(one.json["env"]?["RAILS_ENV"] == "production")
    #expect(one.jobs["migrate"]?.command == ["/bin/sh", "-c", "bundle exec rake db:migrate"])
  }

  @Test func onlyFreeAttributesNeedAName() throws {
    #expect(throws: InvalidDefinition.self) { try read(#"{"x": {"y": 1}}"#) }
    #expect(try read(#"{"x": {"y": 1}}"#, service: "web").files.count == 2)
  }

  @Test(arguments: [
    ("{\n  \"a\": tru\n}", "custom0.json:2:8: error: not JSON"), ("[]", "holds no object"),
    (#"{"deploy": {"a": {}, "A": {}}}"#, "custom0.json:1:22: error: a would be two applications' name"),
    (#"{"deploy": {"---": {}}}"#, "custom0.json:1:13: error: no service's name"),
    (String(repeating: "{\"a\":", count: 70) + "1" + String(repeating: "}", count: 70), "nested deeper than 64 levels"),
  ]) func refusesWithAPlace(_ text: String, _ message: String) {
    let error = #expect(throws: InvalidDefinition.self) { try read(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}

struct SecretSignsTests {
  @Test(arguments: [
    ("dbPassword", "x"), ("DB_PASSWD", "x"), ("api-key", "x"), ("APIKEY", "x"), ("AWS_SECRET_ACCESS_KEY", "x"),
    ("aws_access_key_id", "x"), ("id", "AKIAIOSFODNN7EXAMPLE"), ("url", "https://u:p@example.com/"),
    ("dsn", "https://abc@sentry.io/1"), ("db", "user:pw@tcp(10.0.0.1:3306)/x"),
    ("hook", "https://hooks.slack.com/services/x"),
    ("pem", "-----BEGIN PRIVATE KEY-----"), ("jdbc", "jdbc:mysql://h/db?user=a&password=b"), ("salt", "x"),
    ("value", "9f86d081884c7d659a2feaa0c55ad015"), ("newrelic_key", "0123abcd0123abcd"),
    ("value", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), ("value", "q83vEjRWeJ/rze+SNFZ4mrzN7xI0VniavM3vEjRWeJo="),
    ("value", "k3j4h5g6k7j8h9g0k1j2"), ("value", "Authorization: Bearer abcdef"), ("key", "swordfish"),
    ("remote", "https://a1b2c3d4@github.com/example/news"), ("url", "https://example.com/?a=b&sig=abc"),
    ("json", #"{"host": "a", "password": "b"}"#), ("yaml", "host: a\npassword: b"), ("xml", "<password>b</password>"),
    ("redis", "port 6379\nrequirepass foobared"), ("command", "run --key AKIAIOSFODNN7EXAMPLE now"),
    ("command", "deploy KEY=9f86d081884c7d659a2feaa0c55ad015 now"), ("encryption_key", "abc123def"),
  ]) func secrets(_ name: String, _ text: String) { #expect(SecretSigns.isSecret(.string(text), named: name)) }

  @Test(arguments: [
    ("LOG_LEVEL", "info"), ("token_ttl", "3600"), ("password_file", "/run/secrets/db"),
    ("url", "https://example.com/a"),
    ("repository", "git@github.com:example/news.git"), ("revision", "9f86d081884c7d659a2feaa0c55ad0159f86d081"),
    ("host", "db1.cluster-abc123DEF456.ap-northeast-1.rds.amazonaws.com"), ("mail", "a@example.com"), ("password", ""),
    ("passenger_workers", "4"), ("keyboard", "us"), ("sort_key", "created_at"), ("cache_key", "news-front"),
    ("path", "assets/Images2/HeaderLarge/IconSet"), ("file", "assets/Images2/HeaderLarge/IconSet"),
    ("vpc", "vpc-0a1b2c3d4e5f67890"), ("id", "123e4567-e89b-12d3-a456-426614174000"),
    ("greeting", "Hello {name}: welcome"), ("text", "one line\nand another one"), ("key", "a"),
    ("image", "registry.example.com/news/articles:1.2"),
  ]) func others(_ name: String, _ text: String) { #expect(!SecretSigns.isSecret(.string(text), named: name)) }
}
