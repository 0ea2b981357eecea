import Definitions
import Kubernetes

extension ServiceManifests {
  /// Where traffic enters a pod.
  static let meshPort = 15006

  /// Envoy beside the application, as a native sidecar: started before it, stopped after it. Its readiness probe goes
  /// through the listener that traffic uses, so a pod is ready when a request would get an answer.
  var sidecar: JSONValue { sidecar(isProbed: true) }

  /// - Parameter isProbed: false beside a job, to which nobody sends requests.
  func sidecar(isProbed: Bool) -> JSONValue {
    var environment = identity
    if let place = platform.mesh.controlPlane {
      let (host, port) = Self.split(place)
      environment.append(["name": "SAKIGAKE_XDS_HOST", "value": .string(host)])
      environment.append(["name": "SAKIGAKE_XDS_PORT", "value": .string(port)])
    }
    var ports: [JSONValue] = [["name": "mesh", "containerPort": .integer(Int64(Self.meshPort))]]
    if platform.alerts.prometheus {
      ports.append(["name": "metrics", "containerPort": .integer(Int64(Self.metricsPort))])
    }
    var container: JSONObject = [
      "name": "envoy", "image": .string(platform.mesh.image), "restartPolicy": "Always",
      "args": [
        "--config-yaml", .string(bootstrap.text), "--concurrency", "1", "--disable-hot-restart",
        "--log-level", "warning",
      ],
      "ports": .array(ports),
      "env": .array(environment),
      "resources": [
        "requests": [
          "cpu": MicroserviceSpec.envoyRequests["cpu", default: .zero].json,
          "memory": MicroserviceSpec.envoyRequests["memory", default: .zero].json,
        ],
        "limits": ["memory": "256Mi"],
      ],
    ]
    if isProbed {
      container["readinessProbe"] = probe(
        spec.probes?.readiness, ProbeConvention(period: 2, failures: 2), path: spec.health, port: "mesh")
    }
    container["securityContext"] = containerSecurity
    return .object(container)
  }

  static func split(_ place: String) -> (host: String, port: String) {
    guard let colon = place.lastIndex(of: ":") else { return (place, "15010") }
    return (String(place[..<colon]), String(place[place.index(after: colon)...]))
  }

  /// All that Envoy is told at its start: who it is and whom to ask for the rest.
  private var bootstrap: JSONValue {
    let source: JSONValue = ["ads": [:], "resource_api_version": "V3"]
    var bootstrap: JSONValue = [
      "node": [
        "id": "$(POD_NAMESPACE)/$(POD_NAME)", "cluster": .string(name),
        "metadata": ["podIP": "$(POD_IP)", "meshAddress": "$(MESH_ADDRESS)"],
      ],
      "admin": ["address": ["socket_address": ["address": "$(MESH_ADDRESS)", "port_value": 15000]]],
      "dynamic_resources": [
        "ads_config": [
          "api_type": "DELTA_GRPC", "transport_api_version": "V3", "set_node_on_first_message_only": true,
          "grpc_services": [
            [
              "envoy_grpc": [
                "cluster_name": "xds",
                // Without a cap Envoy came back only 20 s after its control plane did.
                "retry_policy": ["retry_back_off": ["base_interval": "0.25s", "max_interval": "2s"]],
              ]
            ]
          ],
        ],
        "cds_config": source, "lds_config": source,
      ],
      "static_resources": [
        "clusters": [
          [
            "name": "xds", "type": "STRICT_DNS", "connect_timeout": "1s",
            "typed_extension_protocol_options": [
              "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": [
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": [
                  "http2_protocol_options": ["connection_keepalive": ["interval": "30s", "timeout": "5s"]]
                ],
              ]
            ],
            "load_assignment": [
              "cluster_name": "xds",
              "endpoints": [
                [
                  "lb_endpoints": [
                    [
                      "endpoint": [
                        "address": [
                          // A port is a number in Envoy's schema, and a variable can only be text here: JSON's quotes
                          // are accepted for numbers by the protobuf reader.
                          "socket_address": ["address": "$(SAKIGAKE_XDS_HOST)", "port_value": "$(SAKIGAKE_XDS_PORT)"]
                        ]
                      ]
                    ]
                  ]
                ]
              ],
            ],
          ]
        ]
      ],
      "layered_runtime": [
        "layers": [["name": "static", "static_layer": ["overload": ["global_downstream_max_connections": 50000]]]]
      ],
    ]
    if platform.alerts.prometheus {
      let clusters = bootstrap[path: ["static_resources", "clusters"]]?.arrayValue ?? []
      bootstrap[path: ["static_resources", "clusters"]] = .array(clusters + [Self.adminCluster])
      bootstrap[path: ["static_resources", "listeners"]] = [Self.metricsListener]
    }
    return bootstrap
  }

  /// The admin page tells statistics, and much that is nobody's business: only that one path leads there from outside.
  private static let metricsListener: JSONValue = [
    "name": "metrics",
    "address": ["socket_address": ["address": "$(POD_IP)", "port_value": .integer(Int64(metricsPort))]],
    "filter_chains": [
      [
        "filters": [
          [
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": [
              "@type":
                "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              "stat_prefix": "metrics",
              "route_config": [
                "virtual_hosts": [
                  [
                    "name": "metrics", "domains": ["*"],
                    "routes": [["match": ["path": "/stats/prometheus"], "route": ["cluster": "admin"]]],
                  ]
                ]
              ],
              "http_filters": [
                [
                  "name": "envoy.filters.http.router",
                  "typed_config": [
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
                  ],
                ]
              ],
            ],
          ]
        ]
      ]
    ],
  ]

  private static let adminCluster: JSONValue = [
    "name": "admin", "type": "STATIC", "connect_timeout": "1s",
    "load_assignment": [
      "cluster_name": "admin",
      "endpoints": [
        [
          "lb_endpoints": [
            ["endpoint": ["address": ["socket_address": ["address": "$(MESH_ADDRESS)", "port_value": 15000]]]]
          ]
        ]
      ],
    ],
  ]
}
