import Kubernetes

/// Defaults of what makes pods (pkg/apis/apps/v1/defaults.go, pkg/apis/core/v1/defaults.go).
enum WorkloadDefaults {
  static func deployment(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.setDefault("replicas", 1)
      spec.editOrCreate("strategy") { strategy in
        if strategy.isUnset("type") { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        strategy.editOrCreate("rollingUpdate") { update in
          update.setDefault("maxUnavailable", "25%")
          update.setDefault("maxSurge", "25%")
        }
      }
      spec.setDefault("revisionHistoryLimit", 10)
      spec.setDefault("progressDeadlineSeconds", 600)
      template(&spec)
    }
  }

  static func replicaSet(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.setDefault("replicas", 1)
      template(&spec)
    }
  }

  static func statefulSet(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("podManagementPolicy") { spec["podManagementPolicy"] = "OrderedReady" }
      spec.editOrCreate("updateStrategy") { strategy in
        if strategy.isUnset("type") { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        strategy.editOrCreate("rollingUpdate") { $0.setDefault("partition", 0) }
      }
      spec.editOrCreate("persistentVolumeClaimRetentionPolicy") { policy in
        for key in ["whenDeleted", "whenScaled"] where policy.isUnset(key) { policy[key] = "Retain" }
      }
      spec.setDefault("replicas", 1)
      spec.setDefault("revisionHistoryLimit", 10)
      spec.editEach("volumeClaimTemplates") { claim in
        claim.setDefault("apiVersion", "v1")
        claim.setDefault("kind", "PersistentVolumeClaim")
        StorageDefaults.claim(&claim)
      }
      template(&spec)
    }
  }

  static func daemonSet(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      spec.editOrCreate("updateStrategy") { strategy in
        if strategy.isUnset("type") { strategy["type"] = "RollingUpdate" }
        guard strategy["type"] == "RollingUpdate" else { return }
        strategy.editOrCreate("rollingUpdate") { update in
          update.setDefault("maxUnavailable", 1)
          update.setDefault("maxSurge", 0)
        }
      }
      spec.setDefault("revisionHistoryLimit", 10)
      template(&spec)
    }
  }

  /// The older kind takes its selector and its labels from its template.
  static func replicationController(_ object: inout JSONValue) {
    let labels = object[path: ["spec", "template", "metadata", "labels"]]
    object.edit("spec") { spec in
      spec.setDefault("replicas", 1)
      if spec.isUnset("selector"), let labels { spec["selector"] = labels }
      template(&spec)
    }
    if let labels { object.edit("metadata") { if $0.isUnset("labels") { $0["labels"] = labels } } }
  }

  private static func template(_ spec: inout JSONValue) { spec.edit("template") { $0.edit("spec", PodDefaults.spec) } }
}

/// Defaults of work that ends (pkg/apis/batch/v1/defaults.go).
enum JobDefaults {
  static func job(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("completions"), spec.isUnset("parallelism") { spec["completions"] = 1 }
      spec.setDefault("parallelism", 1)
      let countsByIndex = spec["backoffLimitPerIndex"]?.integerValue != nil
      spec.setDefault("backoffLimit", countsByIndex ? .integer(Int64(Int32.max)) : 6)
      if spec.isUnset("completionMode") { spec["completionMode"] = "NonIndexed" }
      spec.setDefault("suspend", false)
      spec.setDefault("manualSelector", false)
      let hasPolicy = spec["podFailurePolicy"].map { !$0.isNull } ?? false
      spec.setDefault("podReplacementPolicy", hasPolicy ? "Failed" : "TerminatingOrFailed")
      spec.edit("podFailurePolicy") { policy in
        policy.editEach("rules") { rule in
          rule.editEach("onPodConditions") { if $0.isUnset("status") { $0["status"] = "True" } }
        }
      }
      spec.edit("template") { $0.edit("spec", PodDefaults.spec) }
    }
  }

  /// A job without labels has those of its template.
  static func labels(_ object: inout JSONValue) {
    guard let labels = object[path: ["spec", "template", "metadata", "labels"]] else { return }
    object.edit("metadata") { if $0.isUnset("labels") { $0["labels"] = labels } }
  }

  static func cronJob(_ object: inout JSONValue) {
    object.edit("spec") { spec in
      if spec.isUnset("concurrencyPolicy") { spec["concurrencyPolicy"] = "Allow" }
      spec.setDefault("suspend", false)
      spec.setDefault("successfulJobsHistoryLimit", 3)
      spec.setDefault("failedJobsHistoryLimit", 1)
      spec.edit("jobTemplate") { $0.edit("spec") { $0.edit("template") { $0.edit("spec", PodDefaults.spec) } } }
    }
  }
}
