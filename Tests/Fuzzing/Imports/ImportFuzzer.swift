import Definitions
import Imports
import Kubernetes

/// What other tools left behind: custom JSON, manifests, and exports in Ruby with their templates.
///
/// Whatever comes in is refused with its own place, or becomes files that can be read, twice the same; no planted
/// secret comes out.
public struct ImportFuzzer: Fuzzer {
  private let values = RandomValues(depthMax: 4, countMax: 4)
  private let mutator = TextMutator(
    tokens: [
      "do\n", "end\n", "{", "}", "[", "]", "(", ")", "=>", ",", ":", "::", ":a", "..", "...", "-1..-1", "\"", "'", "\\",
      "\\u{1F600}", "\\x", "#{x}", "#", "\n", "nil", "true", "path: ", "\"a\" => ", "99999999999999999999", "1.5", "-",
      "require \"x\"\n", "template \"t\" do\n", "include_template \"t\"\n", "context.x", "context.x = ", "#{context.x}",
      "*", "+", "||", "%w(a b)", "/a/", "X = ", "deploy", "\"environment_variables\": {", "null", "${", "%{", "x = 1",
      ".each ", "\u{2028}",
    ], bytes: [[0x00], [0xFF], [0xED, 0xA0, 0x80]])

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    switch random.below(6) {
    case 0: try checkOpsWorks(&random)
    case 1: try checkSpoiltJSON(&random)
    case 2, 3: try ManifestCases.check(&random)
    default: try checkRuby(&random)
    }
  }

  private static let secretNames = [
    "password", "api_token", "SECRET_KEY_BASE", "dbPassword", "credentials", "private_key",
  ]

  /// Letters that nothing else has.
  static func secret(_ random: inout SeededRandom) -> String {
    "zq" + String((0..<10).map { _ in random.pick(Array("ghjklmnp")) }) + "qz"
  }

  private func checkOpsWorks(_ random: inout SeededRandom) throws {
    let secret = Self.secret(&random)
    let name = random.pick(Self.secretNames)
    var application = JSONValue.object([:])
    for _ in 0..<random.below(4) { application[random.pick(Self.attributes)] = values.value(&random) }
    var document: JSONValue = ["deploy": ["news": application], "free": values.value(&random)]
    switch random.below(5) {
    case 0: document[path: ["deploy", "news", "environment_variables"]] = [name: .string(secret), "X": "y"]
    case 1: document[path: ["deploy", "news", "database"]] = [name: .string(secret), "host": "db.internal"]
    case 2: document["mine"] = ["a": [name: .string(secret)]]
    case 3: document["mine"] = ["list": [[name: .string(secret)]], "kept": 1]
    default: document["mine"] = ["url": .string("redis://user:\(secret)@host/")]
    }
    let text = document.text
    guard let result = try read(text) else { return }
    let out = result.files.map { $0.path + $0.text }.joined() + result.report
    try require(!out.contains(secret), "the secret of \(name) came out: \(text)")
    try require(result.secrets.contains { !$0.key.isEmpty }, "no Secret is asked for: \(text)")
  }

  private static let attributes = [
    "domains", "database", "memcached", "environment_variables", "migrate", "migrate_command", "ssl_support", "scm",
    "mounted_at", "rails_env", "features", "application_type", "symlinks",
  ]

  private func checkSpoiltJSON(_ random: inout SeededRandom) throws {
    let document: JSONValue = [
      "deploy": ["a": ["environment_variables": values.value(&random)]], "b": values.value(&random),
    ]
    let spoilt = mutator.mutated(document.bytes, &random)
    _ = try read(String(decoding: spoilt, as: UTF8.self))
  }

  /// - Returns: nil where it was refused, for a reason that stands in what was read.
  private func read(_ text: String) throws -> ImportResult? {
    let sources = [ImportSource(name: "fuzz.json", text: text)]
    var found: ImportResult?
    var isSame = true
    do throws(InvalidDefinition) {
      let result = try OpsWorksImport.read(sources, .init(service: nil, owner: "o"))
      let again = try OpsWorksImport.read(sources, .init(service: nil, owner: "o"))
      isSame = result.files == again.files
      found = result
    } catch {
      try require(
        error.diagnostics.allSatisfy { $0.file == "fuzz.json" }, "made what cannot be read: \(error)\n\(text)")
    }
    try require(isSame, "another time is another: \(text)")
    return found
  }
}

extension ImportFuzzer {
  private static let exports: [(tool: CodenizeImport.Tool, text: String)] = [
    (
      .piculet,
      """
      ec2 "vpc-1" do
        security_group "web" do
          description "d \\"q\\""
          tags("Name" => "web")
          ingress do
            permission :tcp, 80..80 do
              ip_ranges("0.0.0.0/0", "::/0")
              groups("web", ["1", "sg-2"])
            end
            permission :"50" do
              ip_ranges("10.0.0.0/8")
            end
          end
        end
      end
      """
    ),
    (
      .miam,
      """
      user "bob", :path => "/" do
        login_profile :password_reset_required=>true
        groups(
          "Admin"
        )
        policy "p" do
          {"Version"=>"2012-10-17", "Statement"=>[{"Effect"=>"Allow", "Resource"=>"${aws:username}"}]}
        end
        attached_managed_policies(
          # none
        )
      end
      managed_policy "m", path: "/" do
        {}
      end
      """
    ),
    (
      .piculet,
      """
      OFFICE = %w(10.0.0.0/8 10.1.0.0/16)
      template "basic" do
        permission :tcp, 22 do
          ip_ranges(*OFFICE)
        end
      end
      template "all" do
        egress do
          permission :any do
            ip_ranges(context.ip || "0.0.0.0/0")
          end
        end
      end
      ec2 "vpc-1" do
        security_group "web" do
          description "#{context.security_group_name} of " + "mine"
          ingress do
            include_template "basic"
          end
          context.ip = "10.2.0.0/16"
          include_template "all", :ip => "10.3.0.0/16"
        end
      end
      """
    ),
    (
      .roadworker,
      """
      hosted_zone "example.com.", "Z1" do
        vpc "us-east-1", "vpc-1"
        rrset "a.example.com.", "A" do
          ttl 300
          resource_records(
            "10.0.0.1"
          )
        end
        rrset "c.example.com.", "A" do
          set_identifier "one"
          weight 1
          ttl 1
          health_check "http://10.0.0.1:80/a", :request_interval => 30, :inverted => false
          resource_records "10.0.0.1"
        end
        rrset "b.example.com.", "A" do
          dns_name "x.elb.amazonaws.com", :evaluate_target_health=>true
        end
      end
      """
    ),
  ]

  private func checkRuby(_ random: inout SeededRandom) throws {
    let export = random.pick(Self.exports)
    var text = export.text
    switch random.below(12) {
    case 0: text = String(repeating: random.pick(["a do\n", "a [", "a {\"x\"=>", "a ("]), count: 2_000)
    case 1: break
    default: text = String(decoding: mutator.mutated(Array(text.utf8), &random), as: UTF8.self)
    }
    let tool = random.oneIn(8) ? random.pick(CodenizeImport.Tool.allCases) : export.tool
    let sources = [ImportSource(name: "fuzz.rb", text: text)]
    let result: ImportResult
    do throws(InvalidDefinition) {
      result = try CodenizeImport.read(sources, of: tool)
    } catch {
      try require(error.diagnostics.allSatisfy { $0.file == "fuzz.rb" }, "an error without a place: \(error)\n\(text)")
      return try require(text != export.text || tool != export.tool, "an export is refused: \(error)\n\(text)")
    }
    let again = try? CodenizeImport.read(sources, of: tool)
    try require(again?.files == result.files, "another time is another: \(text)")
    for file in result.files {
      guard let json = try? JSONValue(parsing: file.text) else { throw Finding("no JSON is made of: \(text)") }
      let resources = (json["resource"]?.objectValue ?? [:]).reduce(0) { $0 + ($1.value.objectValue?.count ?? 0) }
      let imports = json["import"]?.arrayValue?.count ?? 0
      try require(resources == imports, "\(resources) resources, \(imports) imports: \(text)")
    }
  }
}
