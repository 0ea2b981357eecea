extension ExpectedTree {
  static let schemaCases: [ExpectedTree] = [
    ExpectedTree(
      name: "aComponentsDocumentBesideTheBuiltInKinds", directory: "overlay",
      files: [
        "overlay/kustomization.yaml": #"""
        resources: [../base]
        components: [../component]

        """#,
        "base/kustomization.yaml": #"""
        resources: [widget.yaml]

        """#,
        "base/widget.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, image: app, env: [{name: A, value: "1"}]}
              - {name: side, image: side}

        """#,
        "component/kustomization.yaml": #"""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        openapi: {path: schema.yaml}
        patches: [{path: patch.yaml}]

        """#,
        "component/schema.yaml": #"""
        definitions:
          com.example.Widget:
            properties:
              spec:
                properties:
                  template: {$ref: "#/definitions/io.k8s.api.core.v1.PodTemplateSpec"}
            x-kubernetes-group-version-kind: [{group: example.com, kind: Widget, version: v1}]

        """#,
        "component/patch.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, env: [{name: B, value: "2"}]}

        """#,
      ],
      yaml: #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata:
          name: one
        spec:
          template:
            spec:
              containers:
              - env:
                - name: B
                  value: "2"
                - name: A
                  value: "1"
                image: app
                name: app
              - image: side
                name: side

        """#),
    ExpectedTree(
      name: "aDocumentOfTheRootIsAlone", directory: "",
      files: [
        "kustomization.yaml": #"""
        resources: [widget.yaml]
        openapi: {path: schema.yaml}
        patches: [{path: patch.yaml}]

        """#,
        "widget.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, image: app, env: [{name: A, value: "1"}]}
              - {name: side, image: side}

        """#,
        "schema.yaml": #"""
        definitions:
          com.example.Widget:
            properties:
              spec:
                properties:
                  template: {$ref: "#/definitions/io.k8s.api.core.v1.PodTemplateSpec"}
            x-kubernetes-group-version-kind: [{group: example.com, kind: Widget, version: v1}]

        """#,
        "patch.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, env: [{name: B, value: "2"}]}

        """#,
      ],
      yaml: #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata:
          name: one
        spec:
          template:
            spec:
              containers:
              - env:
                - name: B
                  value: "2"
                name: app

        """#),
    ExpectedTree(
      name: "theRootsVersionKeepsABasesDocumentAway", directory: "overlay",
      files: [
        "overlay/kustomization.yaml": #"""
        resources: [../base]
        openapi: {version: v1.21.2}
        patches: [{path: patch.yaml}]

        """#,
        "overlay/patch.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, env: [{name: B, value: "2"}]}

        """#,
        "base/kustomization.yaml": #"""
        resources: [widget.yaml]
        openapi: {path: schema.yaml}

        """#,
        "base/widget.yaml": #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: one}
        spec:
          template:
            spec:
              containers:
              - {name: app, image: app, env: [{name: A, value: "1"}]}
              - {name: side, image: side}

        """#,
        "base/schema.yaml": #"""
        definitions:
          com.example.Widget:
            properties:
              spec:
                properties:
                  template: {properties: {spec: {properties: {containers: {type: array, items: {type: object}, x-kubernetes-patch-merge-key: name, x-kubernetes-patch-strategy: merge}}}}}
            x-kubernetes-group-version-kind: [{group: example.com, kind: Widget, version: v1}]

        """#,
      ],
      yaml: #"""
        apiVersion: example.com/v1
        kind: Widget
        metadata:
          name: one
        spec:
          template:
            spec:
              containers:
              - env:
                - name: B
                  value: "2"
                name: app

        """#),
  ]
}
