extension ExpectedTree {
  static let patchCases: [ExpectedTree] = [
    ExpectedTree(
      name: "listsAreMergedByTheirKeys", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [deployment.yaml]
        patches:
        - path: patch.yaml

        """#,
        "deployment.yaml": #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 1
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: app
                image: nginx:1.0
                env:
                - {name: A, value: "1"}
                - {name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}
                ports:
                - {containerPort: 80, protocol: TCP}
                - {containerPort: 80, protocol: UDP}

        """#,
        "patch.yaml": #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: null
          template:
            spec:
              containers:
              - name: app
                env: [{name: A, $patch: delete}, {name: NEW, value: x}]
                ports: [{containerPort: 80, protocol: UDP, name: quic}]
              - {name: side, image: side}

        """#,
      ],
      yaml: #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          selector:
            matchLabels:
              app: web
          template:
            metadata:
              labels:
                app: web
            spec:
              containers:
              - env:
                - name: NEW
                  value: x
                - name: LEVEL
                  valueFrom:
                    configMapKeyRef:
                      key: LEVEL
                      name: settings
                image: nginx:1.0
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  name: quic
                  protocol: UDP
              - image: side
                name: side

        """#),
    ExpectedTree(
      name: "severalDeletionsInOneFile", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [deployment.yaml, service.yaml, keep.yaml]
        patches:
        - path: patch.yaml

        """#,
        "deployment.yaml": #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 1
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: app
                image: nginx:1.0
                env:
                - {name: A, value: "1"}
                - {name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}
                ports:
                - {containerPort: 80, protocol: TCP}
                - {containerPort: 80, protocol: UDP}

        """#,
        "service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

        """#,
        "keep.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: keep}

        """#,
        "patch.yaml": #"""
        $patch: delete
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        ---
        $patch: delete
        apiVersion: v1
        kind: Service
        metadata: {name: web}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: keep

        """#),
    ExpectedTree(
      name: "operationsForSelectedTargets", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [deployment.yaml, service.yaml]
        patches:
        - target: {kind: Deploy.*, name: w.b}
          patch: |-
            - {op: replace, path: /spec/replicas, value: 7}
            - {op: add, path: /metadata/annotations, value: {a~1b: "1"}}
        - target: {kind: Service}
          patch: |-
            [{"op": "remove", "path": "/spec/selector"}]

        """#,
        "deployment.yaml": #"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          replicas: 1
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: app
                image: nginx:1.0
                env:
                - {name: A, value: "1"}
                - {name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}
                ports:
                - {containerPort: 80, protocol: TCP}
                - {containerPort: 80, protocol: UDP}

        """#,
        "service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          ports:
          - port: 80
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          annotations:
            a~1b: "1"
          name: web
        spec:
          replicas: 7
          selector:
            matchLabels:
              app: web
          template:
            metadata:
              labels:
                app: web
            spec:
              containers:
              - env:
                - name: A
                  value: "1"
                - name: LEVEL
                  valueFrom:
                    configMapKeyRef:
                      key: LEVEL
                      name: settings
                image: nginx:1.0
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  protocol: UDP

        """#),
    ExpectedTree(
      name: "namesMayChangeWhereThatIsAllowed", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [service.yaml]
        namePrefix: p-
        patches:
        - target: {kind: Service}
          options: {allowNameChange: true, allowKindChange: true}
          patch: |-
            apiVersion: v1
            kind: Renamed
            metadata: {name: other}

        """#,
        "service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: Renamed
        metadata:
          name: p-other
        spec:
          ports:
          - port: 80
          selector:
            app: web

        """#),
    ExpectedTree(
      name: "aPatchInPlaceOfTheWholeObjectChangesNothing", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]
        patches:
        - patch: |
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            $patch: replace
            data: {other: x}

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          labels: {a: b}
        data:
          k: v
          a.txt: text

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a.txt: text
          k: v
        kind: ConfigMap
        metadata:
          labels:
            a: b
          name: settings

        """#),
    ExpectedTree(
      name: "operationsSeeWhatIsRememberedInAnnotations", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]
        patches:
        - target: {kind: ConfigMap}
          patch: |
            - {op: add, path: /metadata/annotations/added, value: y}
            - {op: replace, path: /metadata/annotations/replaced, value: 2001-02-03}
        - target: {kind: ConfigMap}
          patch: |-
            - {op: copy, from: /metadata/annotations, path: /copied}

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          labels: {a: b}
        data:
          k: v
          a.txt: text

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        copied:
          added: "true"
          internal.config.kubernetes.io/previousKinds: ConfigMap,ConfigMap
          internal.config.kubernetes.io/previousNames: settings,settings
          internal.config.kubernetes.io/previousNamespaces: default,default
          replaced: "2001-02-03"
        data:
          a.txt: text
          k: v
        kind: ConfigMap
        metadata:
          annotations:
            added: "true"
            replaced: "2001-02-03"
          labels:
            a: b
          name: settings

        """#),
    ExpectedTree(
      name: "operationsAfterAPrefix", directory: "",
      files: [
        "base/kustomization.yaml": #"""
        resources: [settings.yaml]
        namePrefix: p-

        """#,
        "base/settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          labels: {a: b}
        data:
          k: v
          a.txt: text

        """#,
        "kustomization.yaml": #"""
        resources: [base]
        patchesJson6902:
        - target: {version: v1, kind: ConfigMap, name: settings}
          patch: |-
            - {op: add, path: /metadata/annotations/x, value: "1"}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a.txt: text
          k: v
        kind: ConfigMap
        metadata:
          annotations:
            x: "1"
          labels:
            a: b
          name: p-settings

        """#),
  ]
}
