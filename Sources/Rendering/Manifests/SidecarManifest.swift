import Definitions
import Kubernetes

extension ServiceRenderer {
  /// Where traffic enters a pod.
  static let meshPort = 15006

  /// Envoy beside the application, as a native sidecar: started before it, stopped after it. Its readiness probe goes
  /// through the listener that traffic uses, so a pod is ready when a request would get an answer.
  func sidecar(of service: Microservice) -> JSONValue {
    var environment = identity
    let probe: JSONValue = [
      "httpGet": ["path": .string(service.spec.health), "port": "mesh"], "periodSeconds": 2, "timeoutSeconds": 2,
      "failureThreshold": 2,
    ]
    if let place = platform.mesh.controlPlane {
      let (host, port) = Self.split(place)
      environment.append(["name": "SAKIGAKE_XDS_HOST", "value": .string(host)])
      environment.append(["name": "SAKIGAKE_XDS_PORT", "value": .string(port)])
    }
    return [
      "name": "envoy", "image": .string(platform.mesh.image), "restartPolicy": "Always",
      "args": [
        "--config-yaml", .string(bootstrap(of: service).text), "--concurrency", "1", "--disable-hot-restart",
        "--log-level", "warning",
      ],
      "ports": [["name": "mesh", "containerPort": .integer(Int64(Self.meshPort))]],
      "env": .array(environment),
      "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "256Mi"]],
      "readinessProbe": probe,
      "securityContext": containerSecurity,
    ]
  }

  private static func split(_ place: String) -> (host: String, port: String) {
    guard let colon = place.lastIndex(of: ":") else { return (place, "15010") }
    return (String(place[..<colon]), String(place[place.index(after: colon)...]))
  }

  /// All that Envoy is told at its start: who it is and whom to ask for the rest.
  private func bootstrap(of service: Microservice) -> JSONValue {
    let source: JSONValue = ["ads": [:], "resource_api_version": "V3"]
    return [
      "node": [
        "id": "$(POD_NAMESPACE)/$(POD_NAME)", "cluster": .string(service.metadata.name),
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
  }
}
