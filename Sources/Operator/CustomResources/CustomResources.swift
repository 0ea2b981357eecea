import Kubernetes
import KubernetesClient

/// The kinds that Sakigake adds to a cluster: `Microservice` and `PushCampaign` of sakigake.dev/v1.
public enum CustomResources {
  /// CustomResourceDefinitions, with structural schemas, status subresources and kubectl's columns.
  public static let definitions: [JSONValue] = [
    definition(of: .microservices, columns: microserviceColumns, schema: microserviceSchema),
    definition(of: .pushCampaigns, columns: campaignColumns, schema: campaignSchema),
  ]

  /// Applies the definitions and waits until both kinds are served.
  /// - Throws: `APIError` where the server refuses, or with code 504 where a kind is not served within 30 s.
  public static func install(_ client: KubernetesClient) async throws {
    for definition in definitions {
      _ = try await client.apply(
        definition, resource: .customResourceDefinitions, fieldManager: "sakigake", force: true)
    }
    try await waitUntilServed(client)
  }

  /// Waits until both kinds are served.
  static func waitUntilServed(_ client: KubernetesClient) async throws {
    for resource in [ResourceType.microservices, .pushCampaigns] { try await waitUntilServed(resource, client) }
  }

  private static let servedAttemptsMax = 64

  private static func waitUntilServed(_ resource: ResourceType, _ client: KubernetesClient) async throws {
    for _ in 1...servedAttemptsMax {
      do {
        _ = try await client.json(APIRequest(.get, resource.path(), query: [("limit", "1")]))
        return
      } catch let error as APIError where error.isNotFound || error.code == 503 {
        try await client.clock.sleep(for: .milliseconds(470))
      }
    }
    throw APIError(
      code: 504, reason: "Timeout",
      message: "\(resource.qualifiedPlural) were defined, but the API server does not serve them yet")
  }

  private static func definition(of resource: ResourceType, columns: [JSONValue], schema: JSONValue) -> JSONValue {
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": [
        "name": .string(resource.qualifiedPlural), "labels": ["app.kubernetes.io/part-of": "sakigake"],
      ],
      "spec": [
        "group": .string(resource.group), "scope": "Namespaced",
        "names": [
          "kind": .string(resource.kind), "listKind": .string(resource.kind + "List"),
          "plural": .string(resource.plural), "singular": .string(resource.singular),
          "shortNames": .array(resource.shortNames.map { .string($0) }),
        ],
        "versions": [
          [
            "name": .string(resource.version), "served": true, "storage": true, "subresources": ["status": [:]],
            "additionalPrinterColumns": .array(columns), "schema": ["openAPIV3Schema": schema],
          ]
        ],
      ],
    ]
  }

  static func column(_ name: String, _ type: String, _ path: String, _ description: String) -> JSONValue {
    ["name": .string(name), "type": .string(type), "jsonPath": .string(path), "description": .string(description)]
  }

  static let age = column("Age", "date", ".metadata.creationTimestamp", "Since it was created")
}
