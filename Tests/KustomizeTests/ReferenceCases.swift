extension ExpectedTree {
  static let referenceCases: [ExpectedTree] = [
    ExpectedTree(
      name: "hashesAndPrefixesAreFollowed", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [deployment.yaml]
        namePrefix: p-
        configMapGenerator: [{name: settings, literals: [LEVEL=info]}]

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
      ],
      yaml: #"""
        apiVersion: v1
        data:
          LEVEL: info
        kind: ConfigMap
        metadata:
          name: p-settings-2748f727mg
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: p-web
        spec:
          replicas: 1
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
                      name: p-settings-2748f727mg
                image: nginx:1.0
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  protocol: UDP

        """#),
    ExpectedTree(
      name: "variables", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [service.yaml, pod.yaml]
        namePrefix: p-
        vars:
        - {name: SERVICE, objref: {kind: Service, name: web, apiVersion: v1}}
        - {name: PORT, objref: {kind: Service, name: web, apiVersion: v1}, fieldref: {fieldPath: 'spec.ports[0].port'}}

        """#,
        "service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

        """#,
        "pod.yaml": #"""
        apiVersion: v1
        kind: Pod
        metadata: {name: pod}
        spec:
          containers:
          - name: app
            args: ["http://$(SERVICE):$(PORT)/", $(PORT), $(UNKNOWN), $$(SERVICE)]

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: Service
        metadata:
          name: p-web
        spec:
          ports:
          - port: 80
          selector:
            app: web
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: p-pod
        spec:
          containers:
          - args:
            - http://p-web:80/
            - 80
            - $(UNKNOWN)
            - $(SERVICE)
            name: app

        """#),
    ExpectedTree(
      name: "replacementsIntoPartsAndNewFields", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [service.yaml, deployment.yaml]
        replacements:
        - source: {kind: Service, name: web, fieldPath: metadata.name}
          targets:
          - select: {kind: Deployment}
            fieldPaths: ['spec.template.spec.containers.[name=app].image']
            options: {delimiter: ':', index: 1}
          - select: {kind: Deployment}
            fieldPaths: [metadata.annotations.made]
            options: {create: true}
        - source: {kind: Service, name: web, fieldPath: spec.ports.0.port}
          targets:
          - select: {kind: Deployment}
            fieldPaths: ['spec.template.spec.containers.*.env.[name=A].value', spec.replicas]

        """#,
        "service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

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
      ],
      yaml: #"""
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          ports:
          - port: 80
          selector:
            app: web
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          annotations:
            made: web
          name: web
        spec:
          replicas: 80
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
                  value: "80"
                - name: LEVEL
                  valueFrom:
                    configMapKeyRef:
                      key: LEVEL
                      name: settings
                image: nginx:web
                name: app
                ports:
                - containerPort: 80
                  protocol: TCP
                - containerPort: 80
                  protocol: UDP

        """#),
    ExpectedTree(
      name: "componentsChangeWhatIsThere", directory: "top",
      files: [
        "base/kustomization.yaml": #"""
        resources: [service.yaml]

        """#,
        "base/service.yaml": #"""
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80}]

        """#,
        "component/kustomization.yaml": #"""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        nameSuffix: -c
        configMapGenerator: [{name: made, literals: [a=b]}]

        """#,
        "top/kustomization.yaml": #"""
        resources: [../base]
        components: [../component]
        namePrefix: top-

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        data:
          a: b
        kind: ConfigMap
        metadata:
          name: top-made-c-4h2mbtbbt6
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: top-web-c
        spec:
          ports:
          - port: 80
          selector:
            app: web

        """#),
    ExpectedTree(
      name: "ownOrder", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [all.yaml]
        sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service], orderLast: [Namespace]}}

        """#,
        "all.yaml": #"""
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: n}}
        - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
        - {apiVersion: v1, kind: Service, metadata: {name: s}}

        """#,
      ],
      yaml: #"""
        apiVersion: v1
        kind: Service
        metadata:
          name: s
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: c
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: "n"

        """#),
    ExpectedTree(
      name: "aReplacementMayChangeItsOwnSource", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [settings.yaml, other.yaml]
        replacements:
        - source: {kind: ConfigMap, name: settings, fieldPath: data.k}
          targets:
          - select: {kind: ConfigMap}
            fieldPaths: [data.k]
            options: {delimiter: "-", index: 5}

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
        "other.yaml": #"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: other
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
          k: v-v-v
        kind: ConfigMap
        metadata:
          labels:
            a: b
          name: other
        ---
        apiVersion: v1
        data:
          a.txt: text
          k: v-v
        kind: ConfigMap
        metadata:
          labels:
            a: b
          name: settings

        """#),
  ]
}
