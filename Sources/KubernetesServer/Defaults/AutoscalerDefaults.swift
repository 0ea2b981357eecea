import Kubernetes

/// Defaults of autoscaling/v2.
enum AutoscalerDefaults {
  /// Those of v1 are those of v2, as far as v1 can say them.
  static func autoscaler(_ object: inout JSONValue) {
    if object["apiVersion"]?.stringValue == ResourceType.olderAutoscalers.apiVersion {
      var newer = AutoscalerConversion.toV2(object)
      autoscaler(&newer)
      object = AutoscalerConversion.toV1(newer)
      return
    }
    object.edit("spec") { spec in
      spec.setDefault("minReplicas", 1)
      if spec.isUnset("metrics") {
        spec["metrics"] = [
          [
            "type": "Resource",
            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
          ]
        ]
      }
      spec.edit("behavior", behavior)
    }
  }

  /// A behavior that is begun is completed; one that is absent stays absent, and means the same.
  /// The window for scaling down is the controller's own (300 s) until it is set.
  private static func behavior(_ behavior: inout JSONValue) {
    behavior.editOrCreate("scaleUp") { rules in
      rules.setDefault("stabilizationWindowSeconds", 0)
      rules.setDefault("selectPolicy", "Max")
      rules.setDefault(
        "policies",
        [
          ["type": "Pods", "value": 4, "periodSeconds": 15], ["type": "Percent", "value": 100, "periodSeconds": 15],
        ])
    }
    behavior.editOrCreate("scaleDown") { rules in
      rules.setDefault("selectPolicy", "Max")
      rules.setDefault("policies", [["type": "Percent", "value": 100, "periodSeconds": 15]])
    }
  }
}
