import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// The guardrails as the operator serves them to a cluster, seen through kubectl.
  @Suite(.serialized, .cluster(["--reactive", "--simulate", "--nodes", "2", "--speed", "10"]))
  struct GuardrailsTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

/// A certificate authority and what it issues for 127.0.0.1.
private struct Certificates {
  let directory: String
  var authority: String { directory + "/ca.crt" }
  var certificate: String { directory + "/tls.crt" }
  var key: String { directory + "/tls.key" }

  init(_ directory: String) async throws {
    self.directory = directory
    try await openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
      "/CN=authority", "-keyout", directory + "/ca.key", "-out", authority)
    try await issue()
  }

  /// Replaces certificate and key by new ones.
  func issue() async throws {
    try await openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=guardrails",
      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", directory + "/request")
    try await openssl(
      "x509", "-req", "-in", directory + "/request", "-CA", authority, "-CAkey", directory + "/ca.key",
      "-CAcreateserial", "-copy_extensions", "copy", "-days", "2", "-out", certificate)
  }

  func serial() async throws -> String { try await openssl("x509", "-in", certificate, "-noout", "-serial") }

  /// Of the certificate that is served.
  func serial(servedAt port: Int) async throws -> String {
    let script = "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -serial"
    return try await Shell.succeed(["bash", "-c", script])
  }

  @discardableResult
  private func openssl(_ words: String...) async throws -> String { try await Shell.succeed(["openssl"] + words) }
}

extension EndToEnd.GuardrailsTests {
  private static func deployment(_ name: String, annotations: String = "{}", image: String = "web:1.0") -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: \(name), labels: { sakigake.dev/owner: news }, annotations: \(annotations) }
    spec:
      replicas: 2
      selector: { matchLabels: { app: \(name) } }
      template:
        metadata: { labels: { app: \(name) } }
        spec:
          serviceAccountName: default
          topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: ScheduleAnyway
              labelSelector: { matchLabels: { app: \(name) } }
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: app
              image: \(image)
              resources: { requests: { cpu: 50m, memory: 16Mi }, limits: { memory: 16Mi } }
              livenessProbe: { httpGet: { path: /, port: 8080 } }
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: { drop: [ALL] }

    """
  }

  private static let waiver =
    "{ guardrails.sakigake.dev/latest-tag: \"by news until 2199-01-31: the vendor has no tags\" }"

  @Test func aClusterIsAskedAndAnswered() async throws {
    try await EndToEnd.RehearseCommandTests.withDirectory { directory in
      #expect(try await cluster.sakigake("install", "--wait=false").status == 0)
      let certificates = try await Certificates(directory)
      let program = try Program(
        [
          try Sakigake.path(), "operator", "--kubeconfig", cluster.kubeconfig, "--listen", "127.0.0.1:0",
          "--metrics-listen", "127.0.0.1:0", "--guardrails-listen", "127.0.0.1:0", "--guardrails-cert",
          certificates.certificate, "--guardrails-key", certificates.key,
        ])
      defer { program.killGroup() }
      let address = try await address(of: program)
      try await configure(address, certificates)
      try await isRefused()
      try await isAccepted()
      try await definitionsAreAskedAbout()
      try await certificatesAreReplaced(at: address, certificates)
      let dead = try await Sakigake.run([
        "operator", "--kubeconfig", cluster.kubeconfig, "--guardrails-cert", certificates.certificate,
        "--guardrails-key", certificates.authority,
      ])
      #expect(dead.status == 3 && dead.error.contains("cannot be read as a certificate and its key"), "\(dead)")
      // Whoever is gone stops nobody: the policy is Ignore.
      program.signal(15)
      #expect(await program.status == 0, "\(program.error)")
      try await cluster.kubectl("apply", "-f", "-", input: Self.deployment("unseen", image: "web"))
      let gone = try await cluster.sakigake("uninstall")
      #expect(
        gone.output.contains(
          "validatingwebhookconfiguration.admissionregistration.k8s.io/sakigake-guardrails deleted"), "\(gone)")
    }
  }

  private func address(of program: Program) async throws -> String {
    try await eventually("guardrails are served") {
      program.error.split(separator: "\n").lazy.compactMap { line in
        line.range(of: "guardrails at ").map { String(line[$0.upperBound...]) }
      }.first
    }
  }

  private func configure(_ address: String, _ certificates: Certificates) async throws {
    let refused = try await Sakigake.run(["webhook", "--ca-file", certificates.key])
    #expect(refused.status == 2 && refused.output.isEmpty && refused.error.contains("private key"), "\(refused)")
    let inside = try await Sakigake.run([
      "webhook", "--ca-file", certificates.authority, "--failure-policy", "Fail", "-o", "json",
    ])
    let asked = try JSONValue(parsing: inside.output)["webhooks"]?.arrayValue?.first
    #expect(asked?["failurePolicy"] == "Fail" && asked?[path: ["clientConfig", "service", "port"]] == 443)
    let wrong = try await Sakigake.run(["webhook", "--ca-file", certificates.authority, "--url", "http://a"])
    #expect(wrong.status == 2 && wrong.error.contains("is not https://HOST:PORT"), "\(wrong)")
    let outside = try await Sakigake.run(["webhook", "--ca-file", certificates.authority, "--url", address])
    #expect(outside.status == 0, "\(outside)")
    try await cluster.kubectl("apply", "-f", "-", input: outside.output)
  }

  private func isRefused() async throws {
    let bad = Self.deployment("bad", image: "web:latest")
    // The operator may not have read the platform's settings yet.
    let refused = try await eventually("a bad Deployment is refused") {
      let outcome = try await cluster.kubectlOutcome("apply", "-f", "-", "--dry-run=server", input: bad)
      return outcome.status == 1 ? outcome : nil
    }
    #expect(
      refused.error.contains(
        """
        admission webhook "guardrails.sakigake.dev" denied the request: Deployment/bad breaks a rule of the guardrails
        * latest-tag: spec.template.spec.containers[app].image: container app: image web:latest has the tag latest
            why: What runs must be what was tested, on every node, and be there to go back to.
            do:  name a version: IMAGE:1.2.3 or IMAGE@sha256:…
        """), "\(refused)")
    let real = try await cluster.kubectlOutcome("apply", "-f", "-", input: bad)
    #expect(real.status == 1 && real.error.contains("(Forbidden)"), "\(real)")
    #expect(try await cluster.kubectlOutcome("get", "deployment", "bad").status == 1)
    // Elsewhere nobody is asked.
    try await cluster.kubectl("apply", "-n", "kube-system", "-f", "-", input: bad)
    try await cluster.kubectl("delete", "deployment", "bad", "-n", "kube-system")
  }

  private func isAccepted() async throws {
    let good = try await cluster.kubectlOutcome("apply", "-f", "-", input: Self.deployment("good"))
    #expect(good.status == 0 && !good.error.contains("latest-tag"), "\(good)")
    let waived = Self.deployment("waived", annotations: Self.waiver, image: "web")
    #expect(try await cluster.kubectlOutcome("apply", "-f", "-", input: waived).status == 0)
    // The pods have no waiver; the cluster makes them all the same.
    for name in ["good", "waived"] {
      try await cluster.kubectl("rollout", "status", "deployment/\(name)", "--timeout=60s", within: .seconds(70))
    }
    try await cluster.kubectl("scale", "deployment/waived", "--replicas=1")
    let unwaived = try await cluster.kubectlOutcome(
      "annotate", "deployment", "waived", "guardrails.sakigake.dev/latest-tag-")
    #expect(unwaived.status == 1 && unwaived.error.contains("latest-tag"), "\(unwaived)")
    let advised = try await cluster.kubectlOutcome(
      "apply", "-f", "-",
      input: Self.deployment("advised").replacing("readOnlyRootFilesystem: true", with: "readOnlyRootFilesystem: false")
    )
    #expect(advised.status == 0, "\(advised)")
    #expect(
      advised.error.contains("Warning: Deployment/advised: container app: can write to its root; "), "\(advised)")
    try await cluster.kubectl("delete", "deployment", "good", "waived", "advised")
  }

  /// What `sakigake apply` brings is asked about too, and a definition's waivers count there.
  private func definitionsAreAskedAbout() async throws {
    let patch = "  extend: { Deployment: { spec: { template: { spec: { hostPID: true } } } } }\n"
    let waiver = "  waivers: [{ rule: host-pid, owner: team, reason: a debugger, expires: 2199-01-31 }]\n"
    let platform = FleetFiles.platform + "  guardrails: { waivers: { by: [team] } }\n"
    try await FleetFiles.with(FleetFiles.service + patch, platform: platform) { files in
      let refused = try await cluster.sakigake("apply", "-f", files.directory)
      #expect(refused.status == 3 && refused.error.contains("host-pid: spec.template.spec.hostPID"), "\(refused)")
      try (FleetFiles.service + patch + waiver).write(toFile: files.service, atomically: true, encoding: .utf8)
      // The operator reads the platform's settings as they come.
      try await eventually("a waiver of the platform's counts") {
        try await cluster.sakigake("apply", "-f", files.directory).status == 0
      }
      let other = Self.deployment("others", annotations: Self.waiver, image: "web")
      let stranger = try await cluster.kubectlOutcome("apply", "-f", "-", input: other)
      #expect(stranger.status == 1 && stranger.error.contains("news may waive no rule here"), "\(stranger)")
    }
  }

  private func certificatesAreReplaced(at address: String, _ certificates: Certificates) async throws {
    let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    let before = try await certificates.serial()
    #expect(try await certificates.serial(servedAt: port) == before)
    try await certificates.issue()
    let after = try await certificates.serial()
    #expect(after != before)
    try await eventually("the new certificate is served", within: .seconds(30)) {
      try await certificates.serial(servedAt: port) == after
    }
    let refused = try await cluster.kubectlOutcome("apply", "-f", "-", input: Self.deployment("bad", image: "web"))
    #expect(refused.status == 1 && refused.error.contains("latest-tag"), "\(refused)")
  }
}
