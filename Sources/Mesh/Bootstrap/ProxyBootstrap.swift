import Kubernetes

/// The part of a bootstrap that every proxy has: who it is, where its control plane is, where it is administered.
enum ProxyBootstrap {
  /// How a proxy speaks to its control plane.
  static let controlPlaneCluster = "xds"

  static func json(
    id: String, cluster: String, metadata: JSONValue, xdsHost: String, xdsPort: Int, adminAddress: String,
    adminPort: Int,
    variant: DiscoveryVariant
  ) -> JSONValue {
    [
      "node": ["id": .string(id), "cluster": .string(cluster), "metadata": metadata],
      "admin": ["address": socket(adminAddress, adminPort)],
      "dynamic_resources": [
        "ads_config": [
          "api_type": .string(variant.apiType),
          "transport_api_version": "V3",
          "set_node_on_first_message_only": true,
          "grpc_services": [
            [
              "envoy_grpc": [
                "cluster_name": .string(controlPlaneCluster),
                // Envoy's own cap is 30 s: too long to go without news after the control plane is back.
                "retry_policy": ["retry_back_off": ["base_interval": "0.5s", "max_interval": "5s"]],
              ]
            ]
          ],
        ],
        "cds_config": aggregated,
        "lds_config": aggregated,
      ],
      "static_resources": ["clusters": [controlPlane(xdsHost, xdsPort)]],
    ]
  }

  private static let aggregated: JSONValue = ["resource_api_version": "V3", "ads": [:]]

  private static func controlPlane(_ host: String, _ port: Int) -> JSONValue {
    [
      "name": .string(controlPlaneCluster),
      "type": "STRICT_DNS",
      "connect_timeout": "1s",
      "typed_extension_protocol_options": [
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": [
          "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          "explicit_http_config": [
            "http2_protocol_options": ["connection_keepalive": ["interval": "30s", "timeout": "5s"]]
          ],
        ]
      ],
      "load_assignment": [
        "cluster_name": .string(controlPlaneCluster),
        "endpoints": [["lb_endpoints": [["endpoint": ["address": socket(host, port)]]]]],
      ],
    ]
  }

  private static func socket(_ host: String, _ port: Int) -> JSONValue {
    ["socket_address": ["address": .string(host), "port_value": .integer(Int64(port))]]
  }
}

/// Which of the two aggregated protocols a proxy speaks.
public enum DiscoveryVariant: Sendable, CaseIterable {
  case delta, stateOfTheWorld

  var apiType: String {
    switch self {
    case .delta: "DELTA_GRPC"
    case .stateOfTheWorld: "GRPC"
    }
  }
}

/// The bootstrap of a sidecar, for a proxy that is started without manifests.
public enum SidecarBootstrap {
  /// - Parameters:
  ///   - meshAddress: where called services, and the administration, are served.
  ///   - adminPort: 0 lets the system choose.
  public static func json(
    pod: NamespacedName, service: String, podIP: String, meshAddress: String, xdsHost: String, xdsPort: Int,
    adminPort: Int = MeshPorts.admin, variant: DiscoveryVariant = .delta
  ) -> JSONValue {
    ProxyBootstrap.json(
      id: pod.description, cluster: service,
      metadata: ["podIP": .string(podIP), "meshAddress": .string(meshAddress)], xdsHost: xdsHost, xdsPort: xdsPort,
      adminAddress: meshAddress, adminPort: adminPort, variant: variant)
  }
}

/// The bootstrap of the edge: one Envoy that stands where a load balancer and the nodes' ports are elsewhere.
public enum EdgeBootstrap {
  /// Connections that the edge accepts at once.
  public static let connectionsMax = 50_000

  /// - Parameter listenAddress: where node ports are served.
  public static func json(
    xdsHost: String, xdsPort: Int, adminAddress: String, adminPort: Int, listenAddress: String = "127.0.0.1",
    variant: DiscoveryVariant = .delta
  ) -> JSONValue {
    var json = ProxyBootstrap.json(
      id: "edge", cluster: "sakigake-edge",
      metadata: ["role": "edge", "listenAddress": .string(listenAddress)], xdsHost: xdsHost, xdsPort: xdsPort,
      adminAddress: adminAddress, adminPort: adminPort, variant: variant)
    json["overload_manager"] = [
      "resource_monitors": [
        [
          "name": "envoy.resource_monitors.global_downstream_max_connections",
          "typed_config": [
            "@type":
              "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
            "max_active_downstream_connections": .integer(Int64(connectionsMax)),
          ],
        ]
      ]
    ]
    return json
  }
}
