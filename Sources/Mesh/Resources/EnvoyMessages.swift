import SwiftProtobuf

// Envoy's messages under the names that Envoy's documentation gives them.
typealias Cluster = Envoy_Config_Cluster_V3_Cluster
typealias ClusterLoadAssignment = Envoy_Config_Endpoint_V3_ClusterLoadAssignment
typealias Listener = Envoy_Config_Listener_V3_Listener
typealias RouteConfiguration = Envoy_Config_Route_V3_RouteConfiguration
typealias Route = Envoy_Config_Route_V3_Route
typealias HttpConnectionManager =
  Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
typealias Address = Envoy_Config_Core_V3_Address
typealias ConfigSource = Envoy_Config_Core_V3_ConfigSource

extension Address {
  init(_ host: String, _ port: Int) {
    self.init()
    socketAddress.address = host
    socketAddress.portValue = UInt32(port)
  }
}

extension ConfigSource {
  /// The stream over which everything comes.
  static var aggregated: ConfigSource {
    .with {
      $0.ads = .init()
      $0.resourceApiVersion = .v3
    }
  }
}

extension Google_Protobuf_Any {
  /// A message whose bytes are made now, so that writing the whole cannot fail.
  init(packing message: some Message) {
    self.init()
    typeURL = "type.googleapis.com/" + type(of: message).protoMessageName
    value = EncodedResource.encode(message)
  }
}

extension Google_Protobuf_Duration {
  init(_ seconds: Double) {
    let nanoseconds = Int64((seconds * 1e9).rounded())
    self.init(seconds: nanoseconds / 1_000_000_000, nanos: Int32(nanoseconds % 1_000_000_000))
  }
}

extension Google_Protobuf_UInt32Value {
  init(count: Int) { self.init(UInt32(count)) }
}

extension Envoy_Type_V3_Percent {
  init(_ value: Double) {
    self.init()
    self.value = value
  }
}
