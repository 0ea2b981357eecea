/// What is stated of pods, and with them of pod templates.
extension MergeSchema {
  static let podSpec: Fields = [
    "affinity": .object(affinity),
    "containers": .list(by: "name", of: container),
    "ephemeralContainers": .list(by: "name", of: container),
    "hostAliases": .list(by: "ip"),
    "imagePullSecrets": .list(by: "name", whole: true),
    "initContainers": .list(by: "name", of: container),
    "nodeSelector": .atomicObject,
    "resourceClaims": .list(by: "name"),
    "resources": .object(resources),
    "schedulingGates": .list(by: "name"),
    "topologySpreadConstraints": .list(
      by: "topologyKey", "whenUnsatisfiable", of: ["labelSelector": .atomicObject]),
    "volumes": .list(by: "name", of: volume),
  ]

  private static let container: Fields = [
    "env": .list(by: "name", of: environmentVariable),
    "ports": .list(by: "containerPort", protocolKey),
    "resources": .object(resources),
    "volumeDevices": .list(by: "devicePath"),
    "volumeMounts": .list(by: "mountPath"),
  ]

  private static let environmentVariable: Fields = [
    "valueFrom": .object([
      "configMapKeyRef": .atomicObject,
      "fieldRef": .atomicObject,
      "resourceFieldRef": .atomicObject,
      "secretKeyRef": .atomicObject,
    ])
  ]

  private static let resources: Fields = ["claims": .appliedList(by: "name")]

  private static let affinity: Fields = [
    "nodeAffinity": .object(["requiredDuringSchedulingIgnoredDuringExecution": .atomicObject])
  ]

  private static let volume: Fields = [
    "csi": .object(["nodePublishSecretRef": .atomicObject]),
    "ephemeral": .object([
      "volumeClaimTemplate": .object([
        "metadata": .object(objectMeta),
        "spec": .object(["dataSource": .atomicObject, "selector": .atomicObject]),
      ])
    ]),
  ]
}
