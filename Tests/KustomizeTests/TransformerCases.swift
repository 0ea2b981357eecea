extension ExpectedTree {
  static let transformerCases: [ExpectedTree] = [
    ExpectedTree(
      name: "namesLabelsNamespaceAndImages", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [deployment.yaml, service.yaml]
        namePrefix: pre-
        nameSuffix: -suf
        namespace: news
        labels:
        - {pairs: {env: prod}, includeSelectors: true}
        - {pairs: {only: metadata}}
        commonAnnotations: {owner: "1"}
        images:
        - {name: nginx, newName: registry.example.com:5000/nginx, newTag: "2.0"}
        replicas: [{name: web, count: 3}]

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
          annotations:
            owner: "1"
          labels:
            env: prod
            only: metadata
          name: pre-web-suf
          namespace: news
        spec:
          ports:
          - port: 80
          selector:
            app: web
            env: prod
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          annotations:
            owner: "1"
          labels:
            env: prod
            only: metadata
          name: pre-web-suf
          namespace: news
        spec:
          replicas: 3
          selector:
            matchLabels:
              app: web
              env: prod
          template:
            metadata:
              annotations:
                owner: "1"
              labels:
                app: web
                env: prod
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
                image: registry.example.com:5000/nginx:2.0
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  protocol: UDP

        """#),
    ExpectedTree(
      name: "namespaceOfBindings", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [rbac.yaml]
        namespace: news

        """#,
        "rbac.yaml": #"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: bind}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects:
        - {kind: ServiceAccount, name: default, namespace: old}
        - {kind: ServiceAccount, name: runner, namespace: old}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: view}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: runner, namespace: old}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: runner
          namespace: news
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: view
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: bind
          namespace: news
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
        - kind: ServiceAccount
          name: default
          namespace: news
        - kind: ServiceAccount
          name: runner
          namespace: news

        """#),
    ExpectedTree(
      name: "ownConfiguration", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [own.yaml]
        namePrefix: p-
        commonLabels: {a: b}
        configurations: [fields.yaml]

        """#,
        "own.yaml": #"""
        apiVersion: example.com/v1
        kind: Own
        metadata: {name: one}
        spec: {uses: two}
        ---
        apiVersion: example.com/v1
        kind: Other
        metadata: {name: two}

        """#,
        "fields.yaml": #"""
        nameReference:
        - kind: Other
          fieldSpecs: [{kind: Own, path: spec/uses}]
        commonLabels: [{kind: Own, path: spec/selector, create: true}]

        """#,
      ],
      yaml: #"""
        apiVersion: example.com/v1
        kind: Other
        metadata:
          labels:
            a: b
          name: p-two
        ---
        apiVersion: example.com/v1
        kind: Own
        metadata:
          labels:
            a: b
          name: p-one
        spec:
          selector:
            a: b
          uses: p-two

        """#),
    ExpectedTree(
      name: "inlineBuiltIns", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [service.yaml]
        generators:
        - |-
          apiVersion: builtin
          kind: ConfigMapGenerator
          metadata: {name: made}
          literals: [a=b]
        transformers:
        - |-
          apiVersion: builtin
          kind: AnnotationsTransformer
          metadata: {name: t}
          annotations: {note: x}
          fieldSpecs: [{path: metadata/annotations, create: true}]

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
        data:
          a: b
        kind: ConfigMap
        metadata:
          annotations:
            note: x
          name: made-4h2mbtbbt6
        ---
        apiVersion: v1
        kind: Service
        metadata:
          annotations:
            note: x
          name: web
        spec:
          ports:
          - port: 80
          selector:
            app: web

        """#),
    ExpectedTree(
      name: "originsAndTransformations", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [service.yaml]
        namePrefix: p-
        buildMetadata: [originAnnotations, transformerAnnotations]
        configMapGenerator: [{name: c, literals: [a=b]}]

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
        data:
          a: b
        kind: ConfigMap
        metadata:
          annotations:
            alpha.config.kubernetes.io/transformations: |
              - configuredIn: kustomization.yaml
                configuredBy:
                  apiVersion: builtin
                  kind: PrefixTransformer
            config.kubernetes.io/origin: |
              configuredIn: kustomization.yaml
              configuredBy:
                apiVersion: builtin
                kind: ConfigMapGenerator
          name: p-c-4h2mbtbbt6
        ---
        apiVersion: v1
        kind: Service
        metadata:
          annotations:
            alpha.config.kubernetes.io/transformations: |
              - configuredIn: kustomization.yaml
                configuredBy:
                  apiVersion: builtin
                  kind: PrefixTransformer
            config.kubernetes.io/origin: |
              path: service.yaml
          name: p-web
        spec:
          ports:
          - port: 80
          selector:
            app: web

        """#),
    ExpectedTree(
      name: "anEntryForOneKindHidesThatForAll", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [all.yaml]
        namePrefix: p-
        configurations: [names.yaml]

        """#,
        "names.yaml": #"""
        namePrefix:
        - {path: metadata/name, kind: Widget}

        """#,
        "all.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: two}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: two
        ---
        apiVersion: example.com/v1
        kind: Widget
        metadata:
          name: p-one

        """#),
    ExpectedTree(
      name: "numbersAreTextsInPlugins", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]
        transformers:
        - |-
          apiVersion: builtin
          kind: AnnotationsTransformer
          metadata: {name: n}
          unknown: field
          annotations: {flag: true, whole: 10, half: 0.50, large: 1e3}
          fieldSpecs: [{path: metadata/annotations, create: true}]

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
          annotations:
            flag: "true"
            half: "0.5"
            large: "1000"
            whole: "10"
          labels:
            a: b
          name: settings

        """#),
    ExpectedTree(
      name: "aValidatorLeavesNoLabels", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml]
        validators:
        - |-
          apiVersion: builtin
          kind: LabelTransformer
          metadata: {name: n}
          labels: {validated-by: me}
          fieldSpecs: [{path: metadata/labels, create: true}]

        """#,
        "settings.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
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
            validated-by: me
          name: settings

        """#),
  ]
}
