import Kubernetes
import SwiftProtobuf

/// Makes endpoint assignments out of endpoint slices.
enum Endpoints {
  struct Target: Hashable, Comparable {
    var address: String
    var port: Int

    static func < (left: Target, right: Target) -> Bool {
      left.address == right.address ? left.port < right.port : left.address < right.address
    }
  }

  /// The endpoints that may get traffic, each once, in an order of their own: ready and not on their way out.
  ///
  /// A terminating endpoint is left out and not marked as draining: Envoy finishes its requests in flight either way,
  /// and one that is not there cannot be picked when the cluster panics.
  static func ready(in slices: [EndpointSlice], portName: String) -> [Target] {
    var targets: Set<Target> = []
    for slice in slices where slice.addressType != "FQDN" {
      guard let port = slice.ports.first(where: { $0.name == portName })?.port ?? slice.onlyPort, port > 0 else {
        continue
      }
      for endpoint in slice.endpoints
      where endpoint.conditions.ready != false && endpoint.conditions.terminating != true {
        guard let address = endpoint.addresses.first else { continue }
        targets.insert(Target(address: address, port: port))
      }
    }
    return targets.sorted()
  }

  /// An empty assignment is an answer too: Envoy then says 503 at once.
  static func assignment(_ name: String, _ targets: [Target]) -> ClusterLoadAssignment {
    .with {
      $0.clusterName = name
      guard !targets.isEmpty else { return }
      $0.endpoints = [
        .with {
          $0.loadBalancingWeight = 1
          $0.lbEndpoints = targets.map { target in
            .with {
              $0.endpoint.address = Address(target.address, target.port)
              $0.healthStatus = .healthy
            }
          }
        }
      ]
    }
  }
}

extension EndpointSlice {
  /// A slice with one port serves it whatever either side calls it.
  fileprivate var onlyPort: Int? { ports.count == 1 ? ports[0].port : nil }
}
