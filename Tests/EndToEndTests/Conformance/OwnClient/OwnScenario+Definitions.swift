import Foundation
import Kubernetes
import KubernetesClient
import Testing

extension OwnScenario {
  static let definitions: [OwnScenario] = [
    OwnScenario(name: "custom-resources") { scene in
      let group = "\(scene.namespace).example.com"
      _ = try await scene.client.create(definition(group), resource: .customResourceDefinitions)
      let widgets = ResourceType(
        group: group, plural: "widgets", kind: "Widget", subresources: ["scale", "status"])
      do {
        try await established(scene, "widgets.\(group)")
        try await useWidgets(scene, widgets)
        try await scene.client.delete(Change.Target(.customResourceDefinitions, name: "widgets.\(group)"))
      } catch {
        try? await scene.client.delete(Change.Target(.customResourceDefinitions, name: "widgets.\(group)"))
        throw error
      }
    }
  ]

  private static func definition(_ group: String) -> JSONValue {
    let schema: JSONValue = [
      "type": "object",
      "properties": [
        "spec": [
          "type": "object", "required": ["size"],
          "properties": [
            "size": ["type": "integer", "minimum": 1, "maximum": 10],
            "color": ["type": "string", "default": "red", "enum": ["red", "blue"]],
          ],
        ],
        "status": ["type": "object", "properties": ["phase": ["type": "string"]]],
      ],
    ]
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("widgets.\(group)")],
      "spec": [
        "group": .string(group), "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
            "subresources": ["status": [:]],
          ]
        ],
      ],
    ]
  }

  private static func established(_ scene: OwnScene, _ name: String) async throws {
    try await eventually("\(name) is established") {
      let now = try await scene.client.get(.customResourceDefinitions, name)
      let conditions = now["status"]?["conditions"]?.arrayValue ?? []
      return conditions.contains { $0["type"] == "Established" && $0["status"] == "True" }
    }
  }

  private static func useWidgets(_ scene: OwnScene, _ widgets: ResourceType) async throws {
    func widget(_ spec: JSONValue) -> JSONValue {
      [
        "apiVersion": .string(widgets.apiVersion), "kind": "Widget",
        "metadata": ["name": "w", "namespace": .string(scene.namespace)], "spec": spec,
      ]
    }
    for wrong: JSONValue in [["size": 11], [:], ["size": "big"], ["size": 1, "color": "green"]] {
      _ = try await scene.refusal(422) { _ = try await scene.client.create(widget(wrong), resource: widgets) }
    }
    let made = try await scene.client.create(widget(["size": 2, "other": true]), resource: widgets)
    #expect(made["spec"] == ["size": 2, "color": "red"], "defaulted and pruned")
    let target = Change.Target(widgets, namespace: scene.namespace, name: "w")
    let told = try await scene.client.patch(
      target, .merge, ["status": ["phase": "Up"], "spec": ["size": 9]], subresource: "status")
    #expect(told["status"]?["phase"] == "Up" && told["spec"]?["size"] == 2)
  }
}
