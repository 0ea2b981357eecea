import Foundation
import Kubernetes
import Testing

extension EndToEnd.ImportCommandTests {
  // MARK: Codenize

  static let groupfile = """
    ec2 "vpc-1" do
      security_group "web" do
        description "web"
        ingress do
          permission :tcp, 80..80 do
            ip_ranges("0.0.0.0/0")
          end
        end
      end
    end

    """
  static let iamfile = """
    require "roles"
    user "bob", :path=>"/" do
      login_profile :password_reset_required=>true
    end

    """
  static let roles = """
    role "web", :path=>"/" do
      assume_role_policy_document do
        {"Version"=>"2012-10-17", "Statement"=>[]}
      end
    end

    """
  static let routefile = """
    hosted_zone "example.com." do
      rrset "a.example.com.", "A" do
        ttl 300
        resource_records("192.0.2.1")
      end
    end

    """

  @Test func theThreeToolsWriteIntoOneDirectory() async throws {
    let files = [
      "Groupfile": Self.groupfile, "IAMfile": Self.iamfile, "roles.rb": Self.roles, "Routefile": Self.routefile,
    ]
    try await Self.withDirectory(files) { directory in
      let out = directory + "/terraform"
      for (tool, names, status) in [
        ("piculet", ["Groupfile"], Int32(0)), ("miam", ["IAMfile", "roles.rb"], 1), ("roadworker", ["Routefile"], 0),
      ] {
        let arguments = ["import", "codenize", tool] + names.map { "\(directory)/\($0)" } + ["-o", out]
        let made = try await Sakigake.run(arguments)
        #expect(made.status == status, "\(made)")
        // What a program looks for: problems, and only these, on standard error.
        #expect(status == 0 ? made.error.isEmpty : made.error == "not carried over: 1, as told above\n", "\(made)")
        try await Self.expectSameAgain(arguments, in: out, status)
      }
      let made = try Self.files(in: out)
      #expect(made.keys.sorted() == ["iam.tf.json", "route53.tf.json", "security_groups.tf.json"])
      for (name, text) in made {
        let json = try JSONValue(parsing: text)
        #expect(json["import"]?.arrayValue?.isEmpty == false && text.hasSuffix("}\n"), "\(name)")
      }
      let lonely = try await Sakigake.run(["import", "codenize", "miam", directory + "/IAMfile", "--dry-run"])
      #expect(lonely.status == 2 && lonely.output.isEmpty, "\(lonely)")
      #expect(lonely.error.contains("/IAMfile:1:1: error: \"roles\" is required, and is not among the files"))
    }
  }

  // MARK: Manifests

  static let deployment = """
    # Source: web/templates/all.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web, labels: { app: web } }
    spec:
      replicas: 3
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec:
          serviceAccountName: web
          containers:
            - name: web
              image: registry.example.com/news/web:1.0
              ports: [{ containerPort: 8080 }]
              env: [{ name: LEVEL, value: info }, { name: DB_PASSWORD, value: zq-in-the-clear }]
              hostPort: 1

    """
  static let around = """
    ---
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata: { name: web, annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/web" } }
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: web }
    stringData: { a: zq-in-a-secret }
    data: { b: enEtZW5jb2RlZA== }
    ---
    values: 1

    """

  @Test func aStreamOfHelmIsReadFromStandardInput() async throws {
    try await Self.withDirectory([:]) { directory in
      let arguments = ["import", "manifests", "-", "--owner", "news", "--registry", "registry.example.com/news", "-o"]
      let made = try await Shell.run(
        [try Sakigake.path()] + arguments + [directory + "/web"], input: Self.deployment + Self.around)
      #expect(made.status == 1, "\(made)")
      for line in [
        "standard input:17:11: warning: Deployment web, spec.template.spec.containers.0.hostPort",
        "standard input:22:67: warning: web: the role arn:aws:iam::123456789012:role/web",
        "standard input:24:1: warning: Secret web", "standard input:30:1: warning: a document that is no object",
        "web-env, key DB_PASSWORD, for DB_PASSWORD: the value at standard input:16:47",
      ] { #expect(made.output.contains(line), "\(line): \(made)") }
      let files = try Self.files(in: directory + "/web")
      #expect(files["microservice.yaml"]?.contains("image: web\n") == true, "\(files)")
      let all = files.values.joined() + made.output + made.error
      for value in ["zq-in-the-clear", "zq-in-a-secret", "enEtZW5jb2RlZA=="] { #expect(!all.contains(value)) }
      try await Self.expectWorks(directory + "/web")
      let empty = try await Shell.run([try Sakigake.path()] + arguments + [directory + "/web"])
      #expect(empty.status == 2 && empty.error.contains("standard input: error: there is no Deployment"), "\(empty)")
    }
  }

  @Test func aKustomizationIsBuiltFirst() async throws {
    let files = [
      "base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": Self.deployment,
      "prod/kustomization.yaml": """
      resources: [../base]
      patches:
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web }
            spec: { replicas: 7, template: { spec: { hostNetwork: true } } }
      configMapGenerator: [{ name: settings, literals: [A=1] }]

      """,
    ]
    try await Self.withDirectory(files) { directory in
      let made = try await Sakigake.run(
        ["import", "manifests", directory + "/prod", "--owner", "news", "-o", directory + "/out"])
      #expect(made.status == 1, "\(made)")
      #expect(
        try Self.files(in: directory + "/out")["microservice.yaml"]?.contains("scale: { min: 7, max: 7 }") == true)
      // In the manifest that the object was read from: what the overlay added, where the nearest thing above it stands.
      #expect(
        made.output.contains("/base/web.yaml:17:21: warning: Deployment web, spec.template.spec.containers.0.hostPort"),
        "\(made)")
      #expect(
        made.output.contains("/base/web.yaml:11:7: warning: Deployment web, spec.template.spec.hostNetwork"), "\(made)")
      #expect(made.output.contains("warning: ConfigMap settings-"), "\(made)")
      try await Self.expectWorks(directory + "/out")
      // Both at once are the same service twice.
      let both = try await Sakigake.run(["import", "manifests", directory, "--owner", "news", "--dry-run"])
      #expect(both.status == 0 || both.status == 1, "\(both)")
      try FileManager.default.copyItem(atPath: directory + "/base/web.yaml", toPath: directory + "/prod/copy.yaml")
      let twice = try await Sakigake.run(["import", "manifests", directory, "--owner", "news", "--dry-run"])
      #expect(twice.status == 2 && twice.error.contains("/prod/copy.yaml:2:1: error: web is there twice"), "\(twice)")
      let wrong = try await Sakigake.run(["import", "manifests", directory + "/prod", "--load-restrictor", "x"])
      #expect(wrong.status == 2, "\(wrong)")
    }
  }

  @Test func whatIsRenderedBecomesItsDefinitionAgain() async throws {
    try await Self.withDirectory([:]) { directory in
      let rendered = try await Sakigake.run(["render", "-f", Sakigake.news, "-e", "local"])
      #expect(rendered.status == 0, "\(rendered)")
      let made = try await Shell.run(
        [try Sakigake.path(), "import", "manifests", "-", "-o", directory], input: rendered.output)
      #expect(made.status == 0 && made.error.isEmpty, "\(made)")
      try FileManager.default.copyItem(atPath: Sakigake.newsPlatform, toPath: directory + "/platform.yaml")
      let again = try await Sakigake.run(["render", "-f", directory, "-e", "local"])
      #expect(again.status == 0, "\(again)")
      // The lines of the definitions that objects are of are others.
      func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.contains("sakigake.dev/source:") }
      }
      #expect(lines(again.output) == lines(rendered.output))
    }
  }
}
