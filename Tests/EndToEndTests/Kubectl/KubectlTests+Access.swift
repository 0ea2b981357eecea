import Foundation
import Kubernetes
import Testing

extension EndToEnd.KubectlTests {
  @Test func whoMayDoWhatIsTold() async throws {
    try await cluster.withNamespace("access") { namespace in
      #expect(try await cluster.kubectl("auth", "can-i", "delete", "nodes") == "yes\n")
      try await cluster.kubectl("create", "rolebinding", "jane", "--clusterrole=view", "--user=jane", "-n", namespace)
      #expect(try await cluster.kubectl("auth", "can-i", "list", "pods", "-n", namespace, "--as", "jane") == "yes\n")
      for question in [["delete", "pods"], ["get", "secrets"], ["create", "pods/exec"]] {
        let answer = try await cluster.kubectlOutcome(
          "auth", "can-i", question[0], question[1], "-n", namespace, "--as", "jane")
        #expect(answer.output == "no\n" && answer.status == 1, "\(question): \(answer.output)")
      }
      let list = try await cluster.kubectl("auth", "can-i", "--list", "-n", namespace, "--as", "jane")
      #expect(list.contains("pods/log") && list.contains("[get list watch]"), "\(list)")
      let refused = try await cluster.kubectlOutcome("delete", "pod", "x", "-n", namespace, "--as", "jane")
      #expect(
        refused.error.contains(
          #"Error from server (Forbidden): pods "x" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "\#(namespace)""#
        ), "\(refused.error)")
      if try await KubectlVersion.isAtLeast(28, for: "kubectl auth whoami") {
        let who = try await cluster.kubectl("auth", "whoami", "--as", "jane", "--as-group", "dev")
        #expect(who.contains("jane") && who.contains("[dev system:authenticated]"), "\(who)")
      }
    }
  }

  @Test func aServiceAccountMayWhatItsRoleSays() async throws {
    try await cluster.withNamespace("accounts") { namespace in
      try await cluster.kubectl("create", "serviceaccount", "robot", "-n", namespace)
      try await cluster.kubectl(
        "create", "role", "reader", "--verb=get,list", "--resource=configmaps", "-n", namespace)
      try await cluster.kubectl(
        "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=\(namespace):robot", "-n", namespace)
      let token = try await cluster.kubectl("create", "token", "robot", "-n", namespace, "--duration=30m")
      let path = cluster.directory + "/robot.kubeconfig"
      let lines = try String(contentsOfFile: cluster.kubeconfig, encoding: .utf8).split(separator: "\n").map { line in
        line.hasPrefix("    token:") ? "    token: \(token)" : String(line)
      }
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      let maps = try await cluster.kubectl("get", "configmaps", "-n", namespace, "--kubeconfig", path)
      #expect(maps.contains("kube-root-ca.crt"))
      let refused = try await cluster.kubectlOutcome("get", "secrets", "-n", namespace, "--kubeconfig", path)
      #expect(
        refused.error.contains(#"User "system:serviceaccount:accounts:robot" cannot list resource "secrets""#),
        "\(refused.error)")
      try await cluster.kubectl("delete", "serviceaccount", "robot", "-n", namespace)
      let gone = try await cluster.kubectlOutcome("get", "configmaps", "-n", namespace, "--kubeconfig", path)
      #expect(gone.error.contains("Unauthorized") || gone.error.contains("logged in"), "\(gone.error)")
    }
  }

  @Test func aCertificateIsAUser() async throws {
    try await cluster.withNamespace("certificates") { namespace in
      let issued = try await cluster.sakigake(
        "local", "user", "jane", "--group", "dev", "--data-dir", cluster.directory)
      let path = cluster.directory + "/jane.kubeconfig"
      try issued.output.write(toFile: path, atomically: true, encoding: .utf8)
      let refused = try await cluster.kubectlOutcome("get", "pods", "-n", namespace, "--kubeconfig", path)
      #expect(refused.error.contains(#"User "jane" cannot list resource "pods""#), "\(refused.error)")
      try await cluster.kubectl("create", "rolebinding", "dev", "--clusterrole=view", "--group=dev", "-n", namespace)
      try await cluster.kubectl("get", "pods", "-n", namespace, "--kubeconfig", path)
    }
  }

  @Test func aPodsProcessIsItsServiceAccount() async throws {
    try await cluster.withNamespace("podaccounts") { namespace in
      try await cluster.kubectl(
        "create", "rolebinding", "view", "--clusterrole=view", "--serviceaccount=\(namespace):default", "-n", namespace)
      let script = """
        cd $SAKIGAKE_SERVICEACCOUNT_DIR && exec curl -s --cacert ca.crt -H "Authorization: Bearer $(cat token)" \
        "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$(cat namespace)/pods?limit=1"
        """
      var manifest = Manifest.pod("inside", in: namespace, script: script)
      manifest = manifest.replacing("terminationGrace", with: "restartPolicy: Never\n  terminationGrace")
      try await cluster.kubectl("apply", "-f", "-", input: manifest)
      try await eventually("the pod has read its own list") {
        try await cluster.kubectl("logs", "inside", "-n", namespace).contains(#""kind":"PodList""#)
      }
    }
  }
}
