import Kubernetes

/// The operator's own Deployment: spread over nodes and zones, without any right on its node, and ended gently.
struct OperatorDeployment {
  let options: Installation.Options

  private static let tokenPath = "/etc/sakigake/push"
  private static let guardrailsPath = "/etc/sakigake/guardrails"
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
      "volumes": .array(
        secrets.map { secret in
          [
            "name": .string(secret.volume),
            "secret": ["secretName": .string(secret.name), "defaultMode": .integer(0o440)],
          ]
        }),
    ]
  }

  private var secrets: [(volume: String, name: String, path: String)] {
    let token = [("push-token", Installation.tokenSecret, Self.tokenPath)]
    return options.servesGuardrails
      ? token + [("guardrails-tls", Installation.guardrailsSecret, Self.guardrailsPath)] : token
  }

  private var ports: JSONValue {
    var ports = [("push", Installation.pushPort), ("metrics", Installation.metricsPort)]
    if options.servesGuardrails { ports.append(("guardrails", Installation.guardrailsPort)) }
    return .array(
      ports.map { name, port in ["name": .string(name), "containerPort": port.json, "protocol": "TCP"] })
  }

  private var container: JSONValue {
    [
      "name": "operator", "image": .string(options.image), "args": .array(arguments.map { .string($0) }),
      "env": [
        ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]
      ],
      "ports": ports,
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
      "volumeMounts": .array(
        secrets.map { ["name": .string($0.volume), "mountPath": .string($0.path), "readOnly": true] }),
    ]
  }

  private var arguments: [String] {
    let guardrails = [
      "--guardrails-listen=0.0.0.0:\(Installation.guardrailsPort)",
      "--guardrails-cert=\(Self.guardrailsPath)/tls.crt", "--guardrails-key=\(Self.guardrailsPath)/tls.key",
    ]
    return [
      "operator", "--namespace=\(options.namespace)", "--listen=0.0.0.0:\(Installation.pushPort)",
      "--metrics-listen=0.0.0.0:\(Installation.metricsPort)",
      "--token-file=\(Self.tokenPath)/\(Installation.tokenKey)",
      "--placeholder-image=\(options.placeholderImage)", "--shutdown-delay=\(Self.lingerSeconds)s",
    ] + (options.servesGuardrails ? guardrails : [])
  }

  private static func probe(_ path: String, periodSeconds: Int, failures: Int) -> JSONValue {
    [
      "httpGet": ["path": .string(path), "port": "metrics"], "periodSeconds": periodSeconds.json, "timeoutSeconds": 2,
      "failureThreshold": failures.json,
    ]
  }
}
