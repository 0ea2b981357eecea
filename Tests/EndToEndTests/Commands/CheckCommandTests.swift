import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `sakigake check`, as people and pipelines call it.
  @Suite struct CheckCommandTests {
    /// Line 14, column 11 is an error; line 5 a waiver may stand at.
    static let bad = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: { app: web }
      spec:
        automountServiceAccountToken: false
        serviceAccount: web   # as we always did
        hostPID: true
        containers:
          - name: app
            # pinned
            image: web:1.0
            securityContext: { privileged: false, allowPrivilegeEscalation: true }

      """
    static let good = """
      apiVersion: v1
      kind: Service
      metadata: { name: db }
      spec: { type: ExternalName, externalName: db.example.com }

      """

    private static func with(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
      try await RehearseCommandTests.withDirectory { directory in
        for (path, text) in files {
          let file = URL(filePath: "\(directory)/\(path)")
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try await body(directory)
      }
    }

    private static func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// `line:column rule` of each finding of the text format.
    private static func places(_ outcome: Outcome, in file: String) -> [String] {
      outcome.lines.filter { $0.hasPrefix(file + ":") }.map { line in
        let place = line.dropFirst(file.count + 1).split(separator: ":").prefix(2).joined(separator: ":")
        return "\(place) \(line.split(separator: "[").last?.dropLast() ?? "")"
      }
    }

    // MARK: Codes and formats

    @Test func codesAreForScripts() async throws {
      try await Self.with(["bad.yaml": Self.bad, "good.yaml": Self.good, "not.yaml": "a: [\n"]) { directory in
        func run(_ words: String...) async throws -> Outcome {
          try await Sakigake.run(["check", "--manifests"] + words)
        }
        let well = try await run("-f", directory + "/good.yaml")
        #expect(well.status == 0 && well.output == "", "\(well)")
        #expect(well.error == "error 0, warning 0, info 0, waived 0\n")
        let broken = try await run("-f", directory + "/bad.yaml")
        #expect(broken.status == 1 && broken.error.contains(" findings are errors"), "\(broken)")
        let places = Self.places(broken, in: directory + "/bad.yaml")
        #expect(places.contains("9:3 host-pid") && places.contains("14:45 privilege-escalation"), "\(places)")
        let unreadable = try await run("-f", directory + "/not.yaml")
        #expect(unreadable.status == 2 && unreadable.output == "", "\(unreadable)")
        #expect(unreadable.error.hasPrefix("\(directory)/not.yaml:2:1: error: not YAML: "), "\(unreadable)")
        let missing = try await run("-f", directory + "/none.yaml")
        #expect(missing.status == 2 && missing.error.contains("/none.yaml: no such file"), "\(missing)")
        for usage in [["--no-such"], ["-o", "xml"], ["-e", "production"], ["--kustomize", directory]] {
          let outcome = try await Sakigake.run(["check", "--manifests", "-f", directory + "/good.yaml"] + usage)
          #expect(outcome.status == 2 && outcome.output == "" && !outcome.error.isEmpty, "\(outcome)")
        }
      }
    }

    @Test func severalPathsAndDirectoriesAreOneSet() async throws {
      let files = ["a.yaml": Self.bad, "more/deep/b.yml": Self.good, "more/notes.txt": "no YAML: ["]
      try await Self.with(files) { directory in
        let all = try await Sakigake.run(["check", "--manifests", "-f", directory])
        let each = try await Sakigake.run([
          "check", "--manifests", "-f", directory + "/a.yaml", "-f", directory + "/more",
        ])
        #expect(all.status == 1 && all.output == each.output && !all.output.isEmpty, "\(all)\n\(each)")
        let service = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web } }\n"
        try service.write(toFile: directory + "/more/service.yaml", atomically: true, encoding: .utf8)
        let alone = try await Sakigake.run(["check", "--manifests", "-f", directory + "/more"])
        #expect(alone.output.contains("[service-dangling]"), "\(alone)")
        let together = try await Sakigake.run(["check", "--manifests", "-f", directory])
        #expect(!together.output.contains("[service-dangling]"), "its pod is in another file: \(together)")
      }
    }

    @Test func manifestsComeFromAPipe() async throws {
      let outcome = try await Shell.run(
        [try Sakigake.path(), "check", "--manifests", "-f", "-"], input: Self.good + "---\n" + Self.bad)
      #expect(outcome.status == 1 && Self.places(outcome, in: "stdin").contains("14:3 host-pid"), "\(outcome)")
      let wrong = try await Shell.run([try Sakigake.path(), "check", "--manifests", "-f", "-"], input: "a: [")
      #expect(wrong.status == 2 && wrong.error.hasPrefix("stdin:2:1: error: not YAML: "), "\(wrong)")
      for words in [["-f", "-"], ["--manifests", "--fix", "-f", "-"]] {
        let usage = try await Sakigake.run(["check"] + words)
        #expect(usage.status == 2 && usage.error.contains("-f -"), "\(usage)")
      }
    }

    @Test func formatsTellTheSame() async throws {
      let waived = Self.bad.replacing(
        "  labels: { app: web }",
        with: "  annotations: { guardrails.sakigake.dev/host-pid: \"by news until 2199-01-31: a debugger\" }")
      try await Self.with(["web.yaml": waived]) { directory in
        func run(_ format: String) async throws -> Outcome {
          let outcome = try await Sakigake.run(["check", "--manifests", "-f", directory, "-o", format])
          #expect(outcome.status == 1, "\(outcome)")
          return outcome
        }
        let file = directory + "/web.yaml"
        let told = Self.places(try await run("text"), in: file)
        #expect(told.count > 5)

        let json = try JSONValue(parsing: try await run("json").output).arrayValue ?? []
        #expect(
          json.map { "\($0["line"]?.text ?? ""):\($0["column"]?.text ?? "") \($0["rule"]?.stringValue ?? "")" } == told)
        let host = json.first { $0["rule"] == "host-pid" }
        #expect(host?["waiver"] == ["owner": "news", "until": "2199-01-31", "reason": "a debugger"])
        #expect(host?["path"] == "spec.hostPID" && host?["object"] == "Pod/web" && host?["severity"] == "error")

        let sarif = try JSONValue(parsing: try await run("sarif").output)
        #expect(sarif["version"] == "2.1.0")
        let results = sarif["runs"]?.arrayValue?.first?["results"]?.arrayValue ?? []
        let regions = results.map { result -> String in
          let place = result["locations"]?.arrayValue?.first?["physicalLocation"]
          let region = place?["region"]
          #expect(place?[path: ["artifactLocation", "uri"]]?.stringValue?.hasSuffix("/web.yaml") == true)
          return "\(region?["startLine"]?.text ?? ""):\(region?["startColumn"]?.text ?? "") "
            + (result["ruleId"]?.stringValue ?? "")
        }
        #expect(regions == told)
        #expect(results.filter { $0["suppressions"] != nil }.map { $0["ruleId"] } == ["host-pid"])

        let github = try await run("github").lines
        #expect(github.count == told.count)
        #expect(
          github.contains { $0.hasPrefix("::error file=\(file),line=14,col=45,title=privilege-escalation::Pod/web: ") },
          "\(github)")
        #expect(github.contains { $0.hasPrefix("::notice ") && $0.contains("title=host-pid::") }, "\(github)")
      }
    }

    /// What a program reads is what is printed: nothing is painted, whoever reads.
    @Test func nothingIsPainted() async throws {
      try await Self.with(["web.yaml": Self.bad]) { directory in
        let words = ["check", "--manifests", "-f", directory]
        let plain = try await Sakigake.run(words)
        for environment in [["NO_COLOR": "1"], ["FORCE_COLOR": "1", "TERM": "xterm-256color"]] {
          let outcome = try await Sakigake.run(words, environment: environment)
          #expect(outcome.output == plain.output && outcome.error == plain.error)
        }
        #expect(!(plain.output + plain.error).contains("\u{1B}"))
        // A reader that hangs up ends nothing in the middle.
        let cut = try await Shell.run(
          [
            "bash", "-c", "set -o pipefail; \"$@\" | head -n 1", "_", try Sakigake.path(),
          ] + words)
        #expect(cut.lines.count == 1 && cut.status == 1, "\(cut)")
      }
    }

    @Test func rulesAreListed() async throws {
      let text = try await Sakigake.run(["check", "--rules"])
      #expect(text.status == 0 && text.lines.first?.hasPrefix("RULE") == true, "\(text)")
      let json = try await Sakigake.run(["check", "--rules", "-o", "json"])
      let rules = try JSONValue(parsing: json.output).arrayValue ?? []
      #expect(rules.count == text.lines.count - 1 && rules.count > 90)
      #expect(rules.allSatisfy { $0["reason"]?.stringValue?.isEmpty == false })
    }

    // MARK: Fixes

    @Test func manifestsAreSetRight() async throws {
      try await Self.with(["web.yaml": Self.bad, "good.yaml": Self.good]) { directory in
        let file = directory + "/web.yaml"
        let fixed = try await Sakigake.run(["check", "--manifests", "--fix", "-f", directory])
        // host-pid is no business of a program's.
        #expect(fixed.status == 1 && Self.places(fixed, in: file).contains { $0.hasSuffix("host-pid") }, "\(fixed)")
        #expect(!fixed.output.contains("[privilege-escalation]") && !fixed.output.contains("[seccomp]"), "\(fixed)")
        #expect(fixed.error.contains(": Pod/web: serviceAccount is serviceAccountName [service-account-field]\n"))
        let after = Self.bad.replacing("allowPrivilegeEscalation: true", with: "allowPrivilegeEscalation: false")
          .replacing("serviceAccount: web   # as", with: "serviceAccountName: web   # as")
          .replacing(
            "spec:\n", with: "spec:\n  securityContext: { seccompProfile: { type: RuntimeDefault } }\n")
        #expect(try Self.read(file) == after)
        #expect(try Self.read(directory + "/good.yaml") == Self.good)
        let again = try await Sakigake.run(["check", "--manifests", "--fix", "-f", directory])
        #expect(try Self.read(file) == after && again.output == fixed.output, "\(again)")
      }
    }

    @Test func definitionsAreSetRight() async throws {
      let service =
        FleetFiles.service + """
            # what the vendor asks for
            extend:
              Deployment:
                spec:
                  template:
                    spec:
                      containers:
                        - name: app
                          securityContext: { allowPrivilegeEscalation: true }   # for now

          """
      try await FleetFiles.with(service) { files in
        let found = try await Sakigake.run(["check", "-f", files.directory])
        #expect(found.status == 1, "\(found)")
        #expect(Self.places(found, in: files.service).contains("18:36 privilege-escalation"), "\(found)")
        let fixed = try await Sakigake.run(["check", "--fix", "-f", files.directory])
        #expect(fixed.status == 0, "\(fixed)")
        #expect(
          fixed.error.contains(
            "\(files.service):18: Deployment/shop: allowPrivilegeEscalation: false [privilege-escalation]\n"),
          "\(fixed)")
        #expect(
          try Self.read(files.service)
            == service.replacing("allowPrivilegeEscalation: true", with: "allowPrivilegeEscalation: false"))
      }
    }

    @Test func kustomizationsAreSetRightInTheirResources() async throws {
      let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          template:
            spec:
              # the pods
              containers:
                - name: app
                  securityContext: { allowPrivilegeEscalation: true }
                - name: patched
                  securityContext: { allowPrivilegeEscalation: false }

        """
      let patch = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          template:
            spec:
              containers: [{ name: patched, securityContext: { allowPrivilegeEscalation: true } }]

        """
      let files = [
        "base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": deployment,
        "overlay/kustomization.yaml": "resources: [../base]\nnamePrefix: p-\npatches: [{ path: patch.yaml }]\n",
        "overlay/patch.yaml": patch,
      ]
      try await Self.with(files) { directory in
        let fixed = try await Sakigake.run(["check", "--fix", "--kustomize", directory + "/overlay"])
        #expect(fixed.status == 1, "\(fixed)")
        // What the patch sets is not the resource's to change.
        #expect(fixed.output.contains("container patched: may gain privileges"), "\(fixed)")
        #expect(!fixed.output.contains("container app: may gain privileges"), "\(fixed)")
        #expect(fixed.error.contains("base/web.yaml:10: Deployment/p-web: allowPrivilegeEscalation: false"), "\(fixed)")
        let after = try Self.read(directory + "/base/web.yaml")
        #expect(after.contains("# the pods\n"))
        #expect(!after.contains("allowPrivilegeEscalation: true"))
        #expect(after.contains("    spec:\n      securityContext: { seccompProfile: { type: RuntimeDefault } }\n"))
        #expect(try Self.read(directory + "/overlay/patch.yaml") == patch)
        let again = try await Sakigake.run(["check", "--fix", "--kustomize", directory + "/overlay"])
        #expect(try Self.read(directory + "/base/web.yaml") == after && again.output == fixed.output, "\(again)")
      }
    }

    // MARK: Definitions

    @Test func definitionsAreHeldAgainstTheirPlatform() async throws {
      let waiver = """
          extend: { Deployment: { spec: { template: { spec: { hostPID: true } } } } }
          waivers:
            - { rule: host-pid, owner: team, reason: a debugger, expires: 2199-01-31 }

        """
      let platform = FleetFiles.platform + "  guardrails: { waivers: { by: [team] } }\n"
      try await FleetFiles.with(FleetFiles.service + waiver, platform: platform) { files in
        let waived = try await Sakigake.run(["check", "-f", files.directory])
        #expect(waived.status == 0 && waived.output.contains("waived by team until 2199-01-31"), "\(waived)")
        try FleetFiles.platform.write(toFile: files.platform, atomically: true, encoding: .utf8)
        let refused = try await Sakigake.run(["check", "-f", files.directory])
        #expect(refused.status == 1, "\(refused)")
        #expect(
          refused.output.contains("\(files.service):12:25: error: Microservice/shop: host-pid: team may waive no"))
        for command in [["render"], ["apply", "--dry-run=client"]] {
          let outcome = try await Sakigake.run(command + ["-f", files.directory])
          #expect(
            outcome.status == 2
              && outcome.error.contains("\(files.service):12:32: error: spec.waivers: team may waive no rule here"),
            "\(outcome)")
        }
        try platform.write(toFile: files.platform, atomically: true, encoding: .utf8)
        let late = (FleetFiles.service + waiver).replacing("2199-01-31", with: "2020-01-31")
        try late.write(toFile: files.service, atomically: true, encoding: .utf8)
        let ended = try await Sakigake.run(["check", "-f", files.directory])
        #expect(ended.status == 1 && ended.output.contains(": the waiver ended on 2020-01-31; "), "\(ended)")
        let rendered = try await Sakigake.run(["render", "-f", files.directory])
        #expect(rendered.status == 0 && rendered.error.contains("warning: host-pid: the waiver ended"), "\(rendered)")
        let typo = (FleetFiles.service + waiver).replacing("host-pid", with: "hots-pid")
        try typo.write(toFile: files.service, atomically: true, encoding: .utf8)
        let unknown = try await Sakigake.run(["render", "-f", files.directory])
        #expect(
          unknown.status == 2
            && unknown.error.hasPrefix(
              "\(files.service):12:9: error: hots-pid: there is no rule \"hots-pid\"; did you mean host-pid?"),
          "\(unknown)")
      }
    }
  }
}
