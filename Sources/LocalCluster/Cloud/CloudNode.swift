import Kubernetes

/// The Node object of a machine, as its kubelet would register it.
enum CloudNode {
  static let kubeletVersion = "v1.32.4"
  static let podsDefault: Int64 = 110

  static func make(_ instance: CloudState.Instance, of cloudGroup: CloudGroup, region: String) -> Node? {
    guard let block = NodeBlock(index: instance.block) else { return nil }
    let group = cloudGroup.group
    var node = Node()
    node.metadata.name = instance.name
    node.metadata.labels = group.labels
    node.metadata.labels.merge(
      [
        WellKnown.hostname: instance.name, WellKnown.zone: instance.zone, WellKnown.region: region,
        WellKnown.instanceType: group.instanceType, WellKnown.nodeGroup: group.name,
        WellKnown.capacityType: group.isSpot ? "spot" : "on-demand", "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
      ], uniquingKeysWith: { $1 })
    node.metadata.annotations[NodeKind.annotation] = cloudGroup.kind.rawValue
    node.spec.podCIDR = block.podCIDR
    node.spec.providerID = "sakigake:///\(instance.zone)/\(instance.name)"
    node.spec.taints = group.taints
    var resources = group.allocatable
    if resources["pods"] == nil { resources["pods"] = Quantity(podsDefault) }
    node.status.capacity = resources
    node.status.allocatable = resources
    node.status.addresses = [
      ["type": "InternalIP", "address": .string(block.nodeAddress)],
      ["type": "Hostname", "address": .string(instance.name)],
    ]
    let isProcess = cloudGroup.kind == .process
    node.status.nodeInfo = [
      "machineID": .string(instance.name), "systemUUID": .string(instance.name), "bootID": .string(instance.name),
      "kernelVersion": "", "osImage": .string(isProcess ? "Sakigake process node" : "Sakigake simulated node"),
      "containerRuntimeVersion": .string(isProcess ? "process://1" : "simulated://1"),
      "kubeletVersion": .string(kubeletVersion), "kubeProxyVersion": .string(kubeletVersion),
      "operatingSystem": "linux",
      "architecture": .string(architecture),
    ]
    return node
  }

  static let architecture: String = {
    #if arch(arm64)
      "arm64"
    #else
      "amd64"
    #endif
  }()
}
