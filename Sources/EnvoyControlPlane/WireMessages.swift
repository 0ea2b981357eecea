import Mesh
import SwiftProtobuf

extension Envoy_Service_Discovery_V3_DeltaDiscoveryRequest {
  /// Nil for a type that the mesh does not serve.
  var query: DeltaQuery? {
    guard let kind = ResourceKind(typeURL: typeURL) else { return nil }
    return DeltaQuery(
      kind, subscribe: resourceNamesSubscribe, unsubscribe: resourceNamesUnsubscribe,
      initialVersions: initialResourceVersions, nonce: responseNonce, error: hasErrorDetail ? errorDetail.message : nil)
  }
}

extension Envoy_Service_Discovery_V3_DiscoveryRequest {
  /// Nil for a type that the mesh does not serve.
  var query: StateQuery? {
    guard let kind = ResourceKind(typeURL: typeURL) else { return nil }
    return StateQuery(
      kind, names: resourceNames, nonce: responseNonce, error: hasErrorDetail ? errorDetail.message : nil)
  }
}

extension Google_Protobuf_Any {
  /// The bytes as they are: shared, not encoded again.
  fileprivate init(_ kind: ResourceKind, _ resource: EncodedResource) {
    self.init()
    typeURL = kind.typeURL
    value = resource.bytes
  }
}

extension Envoy_Service_Discovery_V3_DeltaDiscoveryResponse {
  init(_ answer: DiscoveryAnswer) {
    self.init()
    systemVersionInfo = answer.version
    typeURL = answer.kind.typeURL
    nonce = answer.nonce
    removedResources = answer.removed
    resources = answer.resources.map { resource in
      .with {
        $0.name = resource.name
        $0.version = resource.version
        $0.resource = Google_Protobuf_Any(answer.kind, resource)
      }
    }
  }
}

extension Envoy_Service_Discovery_V3_DiscoveryResponse {
  init(_ answer: DiscoveryAnswer) {
    self.init()
    versionInfo = answer.version
    typeURL = answer.kind.typeURL
    nonce = answer.nonce
    resources = answer.resources.map { Google_Protobuf_Any(answer.kind, $0) }
  }
}
