import Kubernetes

/// The operator's own Deployment: spread over nodes and zones, without any right on its node, and ended gently.
struct OperatorDeployment {
  let options: Installation.Options

  private static let tokenPath = "/etc/sakigake/push"
  /// Requests are still taken for so long after the order to end: until every proxy knows of it.
  private static let lingerSeconds = 5

  var manifest: JSONValue {
    let installation = Installation(options)
    return installation.object(
      "apps/v1", "Deployment",
      [
        "spec": [
          "replicas": options.replicas.json, "revisionHistoryLimit": 3,
          "selector": ["matchLabels": Installation.json(Installation.selector)],
          "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1, "maxSurge": 1]],
          "template": [
            "metadata": [
              "labels": Installation.json(Installation.labels),
              "annotations": [
                "prometheus.io/scrape": "true", "prometheus.io/port": .string("\(Installation.metricsPort)"),
                "prometheus.io/path": "/metrics",
              ],
            ],
            "spec": podSpec,
          ],
        ]
      ])
  }

  private var podSpec: JSONValue {
    [
      "serviceAccountName": .string(Installation.name), "automountServiceAccountToken": true,
      "priorityClassName": .string(Installation.priorityClass), "enableServiceLinks": false,
      "terminationGracePeriodSeconds": 30,
      "securityContext": [
        "runAsNonRoot": true, "runAsUser": 65_532, "runAsGroup": 65_532, "fsGroup": 65_532,
        "seccompProfile": ["type": "RuntimeDefault"],
      ],
      "affinity": [
        "podAntiAffinity": [
          "preferredDuringSchedulingIgnoredDuringExecution": [
            [
              "weight": 100,
              "podAffinityTerm": [
                "topologyKey": .string(WellKnown.hostname),
                "labelSelector": ["matchLabels": Installation.json(Installation.selector)],
              ],
            ]
          ]
        ]
      ],
      "topologySpreadConstraints": [
        [
          "maxSkew": 1, "topologyKey": .string(WellKnown.zone), "whenUnsatisfiable": "ScheduleAnyway",
          "labelSelector": ["matchLabels": Installation.json(Installation.selector)],
        ]
      ],
      "containers": [container],
      "volumes": [
        [
          "name": "push-token",
          "secret": ["secretName": .string(Installation.tokenSecret), "defaultMode": .integer(0o440)],
        ]
      ],
    ]
  }

  private var container: JSONValue {
    [
      "name": "operator", "image": .string(options.image), "args": .array(arguments.map { .string($0) }),
      "env": [
        ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]
      ],
      "ports": [
        ["name": "push", "containerPort": Installation.pushPort.json, "protocol": "TCP"],
        ["name": "metrics", "containerPort": Installation.metricsPort.json, "protocol": "TCP"],
      ],
      "resources": [
        "requests": ["cpu": "100m", "memory": "128Mi"], "limits": ["memory": "512Mi"],
      ],
      "securityContext": [
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "privileged": false,
        "capabilities": ["drop": ["ALL"]],
      ],
      "startupProbe": Self.probe("/healthz", periodSeconds: 2, failures: 30),
      "livenessProbe": Self.probe("/healthz", periodSeconds: 10, failures: 3),
      "readinessProbe": Self.probe("/readyz", periodSeconds: 2, failures: 2),
      "volumeMounts": [["name": "push-token", "mountPath": .string(Self.tokenPath), "readOnly": true]],
    ]
  }

  private var arguments: [String] {
    [
      "operator", "--namespace=\(options.namespace)", "--listen=0.0.0.0:\(Installation.pushPort)",
      "--metrics-listen=0.0.0.0:\(Installation.metricsPort)",
      "--token-file=\(Self.tokenPath)/\(Installation.tokenKey)",
      "--placeholder-image=\(options.placeholderImage)", "--shutdown-delay=\(Self.lingerSeconds)s",
    ]
  }

  private static func probe(_ path: String, periodSeconds: Int, failures: Int) -> JSONValue {
    [
      "httpGet": ["path": .string(path), "port": "metrics"], "periodSeconds": periodSeconds.json, "timeoutSeconds": 2,
      "failureThreshold": failures.json,
    ]
  }
}
