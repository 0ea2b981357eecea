import Foundation
import Kubernetes
import Testing

/// `apply`, `diff`, `delete` and pruning: what a cluster has is what the definitions say.
extension EndToEnd.CommandTests {
  /// A platform with everything, and definitions that stand at each golden of the renderer's.
  private static let wholePlatform =
    FleetFiles.platform + """
        account: "123456789012"
        ingress: { certificate: "arn:aws:acm:ap-northeast-1:123456789012:certificate/1" }
        cloud: { podSecurityGroups: true }
        secrets: { store: aws }
        rightsize: { verticalPodAutoscaler: true }
        alerts: { prometheus: true }
        quotas: { namespace: { pods: 1000, cpu: 900, memory: 900Gi, storage: 900Gi } }
        guardrails: { waivers: { by: [news-backend] } }
      """

  private static let goldens = Sakigake.root + "/Tests/RenderingTests/Goldens"

  @Test(arguments: ["complete", "local", "minimal", "whole"])
  func everythingRenderedIsTakenByTheServer(_ golden: String) async throws {
    let definition = try String(contentsOfFile: "\(Self.goldens)/\(golden).input.yaml", encoding: .utf8)
    try await FleetFiles.with(definition, platform: Self.wholePlatform) { files in
      let config = files.directory + "/config"
      try FileManager.default.createDirectory(atPath: config, withIntermediateDirectories: true)
      try "x = 1\n".write(toFile: config + "/app.conf", atomically: true, encoding: .utf8)
      let lacking = try await cluster.sakigake("apply", "-f", files.directory, "--dry-run=server")
      if lacking.status != 0 {
        #expect(lacking.status == 3 && lacking.error.contains("install what brings it"), "\(lacking)")
      }
      try await cluster.kubectl("apply", "-f", "-", input: BroughtKind.manifests)
      try await cluster.kubectl("wait", "--for=condition=established", "crd", "--all", "--timeout=20s")
      let outcome = try await cluster.sakigake("apply", "-f", files.directory, "--dry-run=server")
      #expect(outcome.status == 0 && !outcome.error.contains("rror"), "\(outcome)")
      for kind in ["networkpolicy.networking.k8s.io", "podmonitor.monitoring.coreos.com", "resourcequota"] {
        #expect(outcome.output.contains("\n\(kind)/") || outcome.output.hasPrefix("\(kind)/"), "\(outcome)")
      }
      // No kind lacks a field that is rendered: kubectl asks for that.
      let rendered = try await Sakigake.run(["render", "-f", files.directory, "--with-platform"])
      let strict = try await cluster.kubectlOutcome(
        "apply", "--dry-run=server", "--validate=strict", "-f", "-", input: rendered.output)
      #expect(strict.status == 0, "\(strict)")
      // Without a repository around it, a source is told from the platform's directory: no path of this machine.
      #expect(rendered.output.contains("sakigake.dev/source: microservice.yaml:"), "\(rendered)")
      #expect(!rendered.output.contains(files.directory), "\(rendered)")
    }
  }

  @Test(arguments: ["local", "production", "staging"])
  func theExampleFleetIsTakenByTheServer(_ environment: String) async throws {
    let outcome = try await cluster.sakigake(
      "apply", "-f", Sakigake.news, "-e", environment, "--tag", "v1", "--dry-run=server")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.lines.count { $0.hasPrefix("deployment.apps/") } == 4)
  }

  @Test func aDifferenceIsShownAndCounted() async throws {
    try await FleetFiles.with(FleetFiles.service.replacing("shop", with: "differs")) { files in
      let new = try await cluster.sakigake("diff", "-f", files.directory)
      #expect(new.status == 1 && new.error.contains("objects would change"), "\(new)")
      #expect(new.output.contains("--- /dev/null\n+++ applied/deployment.apps/differs\n"), "\(new)")
      #expect(try await cluster.kubectlOutcome("get", "deployment", "differs").status == 1, "nothing is kept")
      #expect(try await cluster.sakigake("apply", "-f", files.directory).status == 0)
      let same = try await cluster.sakigake("diff", "-f", files.directory)
      #expect(same.status == 0 && same.output.isEmpty, "\(same)")
      let text = try String(contentsOfFile: files.service, encoding: .utf8)
      try text.replacing("max: 5", with: "max: 6").write(toFile: files.service, atomically: true, encoding: .utf8)
      let changed = try await cluster.sakigake("diff", "-f", files.directory)
      #expect(changed.status == 1, "\(changed)")
      #expect(changed.output.contains("-  maxReplicas: 5\n+  maxReplicas: 6\n"), "\(changed)")
      #expect(!changed.output.contains("deployment.apps/differs"), "only what changes is shown: \(changed)")
    }
  }

  @Test func onlyWhatIsTheServicesOwnIsPrunedAndDeleted() async throws {
    let service = FleetFiles.service.replacing("shop", with: "pruned")
    try await FleetFiles.with(
      service + "  volumes: { data: { mount: /data, claim: { size: 1Gi, access: many } } }\n"
        + "  cron: { report: { schedule: \"@daily\", args: [report] } }\n"
    ) { files in
      let first = try await cluster.sakigake("apply", "-f", files.directory, "--wait=false")
      #expect(first.status == 0 && first.output.contains("cronjob.batch/pruned-report serverside-applied"), "\(first)")
      // One that looks alike, of nobody; one of another owner; and one of another service.
      for (name, labels) in [
        ("of-nobody", "sakigake.dev/service=pruned"),
        ("of-others", "sakigake.dev/service=pruned,app.kubernetes.io/managed-by=sakigake,sakigake.dev/owner=others"),
        ("of-another", "sakigake.dev/service=else,app.kubernetes.io/managed-by=sakigake,sakigake.dev/owner=team"),
      ] {
        try await cluster.kubectl("create", "configmap", name)
        let pairs = labels.split(separator: ",").map(String.init)
        _ = try await Shell.succeed(["kubectl", "label", "configmap", name] + pairs, environment: cluster.environment)
      }
      try service.write(toFile: files.service, atomically: true, encoding: .utf8)
      let told = try await cluster.sakigake("apply", "-f", files.directory, "--prune", "--dry-run=server")
      #expect(told.output.contains("cronjob.batch/pruned-report pruned (server dry run)"), "\(told)")
      let pruned = try await cluster.sakigake("apply", "-f", files.directory, "--prune", "--wait=false")
      #expect(pruned.status == 0, "\(pruned)")
      for line in [
        "cronjob.batch/pruned-report pruned", "configmap/of-others left alone: its owner is \"others\"",
        "persistentvolumeclaim/pruned-data left alone: it holds data; delete it by hand",
      ] { #expect(pruned.lines.contains(line), "\(line): \(pruned)") }
      #expect(pruned.lines.count { $0.hasSuffix(" pruned") } == 1, "\(pruned)")
      #expect(try await cluster.kubectlOutcome("get", "cronjob", "pruned-report").status == 1)
      for name in ["of-nobody", "of-others", "of-another"] { try await cluster.kubectl("get", "configmap", name) }
      try await cluster.kubectl("get", "pvc", "pruned-data")

      let deleted = try await cluster.sakigake("delete", "-f", files.directory)
      #expect(deleted.status == 0 && deleted.output.contains("deployment.apps/pruned deleted"), "\(deleted)")
      #expect(deleted.output.contains("persistentvolumeclaim/pruned-data left alone"), "\(deleted)")
      for name in ["of-nobody", "of-others", "of-another"] { try await cluster.kubectl("get", "configmap", name) }
      #expect(try await cluster.kubectlOutcome("get", "deployment", "pruned").status == 1)
      #expect(try await cluster.kubectlOutcome("get", "networkpolicy", "pruned").status == 1)
    }
  }

  @Test func whatIsInTheWayIsTold() async throws {
    let large = FleetFiles.service.replacing("shop", with: "large").replacing("cpu: 100m", with: "cpu: 1000")
    try await FleetFiles.with(large) { files in
      let outcome = try await cluster.sakigake("apply", "-f", files.directory, "--timeout", "3s")
      #expect(outcome.status == 1, "\(outcome)")
      #expect(
        outcome.error.contains("error: deployment/large is not there after 3s: 0 of 2 pods are ready"), "\(outcome)")
      #expect(outcome.error.contains("no room: "), "\(outcome)")
      #expect(try await cluster.sakigake("delete", "-f", files.directory).status == 0)
    }
  }

  @Test func aJobBeforeTheDeploymentIsWaitedFor() async throws {
    let service = FleetFiles.service.replacing("shop", with: "jobs") + "  jobs: { migrate: { args: [migrate] } }\n"
    try await FleetFiles.with(service) { files in
      // Nobody runs a simulated pod's program to its end: the job goes on, and the deployment is not begun.
      let outcome = try await cluster.sakigake("apply", "-f", files.directory, "--timeout", "2s")
      #expect(outcome.status == 1 && outcome.error.contains("error: job/jobs-migrate-"), "\(outcome)")
      #expect(try await cluster.kubectlOutcome("get", "deployment", "jobs").status == 1)
      #expect(try await cluster.sakigake("apply", "-f", files.directory, "--wait=false").status == 0)
      try await cluster.kubectl("get", "deployment", "jobs")
    }
  }
}
