extension SchemaTable {
  /// Limits of namespaces, and how important pods are.
  static let quotas = """
    @ io.k8s.api.core.v1 v1
    LimitRange kind | Limits and defaults for what single pods and containers of a namespace may ask for.
    - spec LimitRangeSpec #2 | What is wanted.
    LimitRangeSpec | The limits.
    - limits! [LimitRangeItem] #1 atomic | One for each type of object.
    LimitRangeItem | Limits for one type of object.
    - default {Quantity} #4 | The limit of a container that names none.
    - defaultRequest {Quantity} #5 | The request of a container that names none.
    - max {Quantity} #2 | The most.
    - maxLimitRequestRatio {Quantity} #6 | How many times the request the limit may be.
    - min {Quantity} #3 | The least.
    - type! string #1 | Pod, Container or PersistentVolumeClaim.
    ResourceQuota kind | How much a namespace may use in all.
    - spec ResourceQuotaSpec #2 | What is wanted.
    - status ResourceQuotaStatus #3 | What was last seen.
    ResourceQuotaSpec | The quota.
    - hard {Quantity} #1 | The most, by resource.
    - scopeSelector ScopeSelector #3? | Which objects count, by expressions.
    - scopes [string] #2 atomic | Which objects count.
    ScopeSelector atomic | Which objects count, by expressions.
    - matchExpressions [ScopedResourceSelectorRequirement] #1 atomic
    ScopedResourceSelectorRequirement | One condition on what counts.
    - operator! string #2 (DoesNotExist,Exists,In,NotIn)
    - scopeName! string #1 (BestEffort,CrossNamespacePodAffinity,NotBestEffort,NotTerminating,PriorityClass,Terminating)
    - values [string] #3 atomic
    ResourceQuotaStatus | What is used of the quota.
    - hard {Quantity} #1 | The most, by resource.
    - used {Quantity} #2 | What is used, by resource.
    @ io.k8s.api.scheduling.v1 scheduling.k8s.io/v1
    PriorityClass kind | How important pods are that name this class.
    - description string #4 | What the class is for.
    - globalDefault bool #3 | Whether pods that name no class have this one.
    - preemptionPolicy string #5? (Never,PreemptLowerPriority) | Whether such pods may push out others of lower \
      priority.
    - value! int32 #2 | The importance; at most a billion. Cannot be changed.
    @ io.k8s.api.node.v1 node.k8s.io/v1
    RuntimeClass kind | A way to run containers, by name.
    - handler! string #2 | What the node calls it. Cannot be changed.
    - overhead Overhead #3? | What running a pod that way costs beside its containers.
    - scheduling Scheduling #4? | Nodes that can.
    Overhead
    - podFixed {Quantity} #1
    Scheduling
    - nodeSelector {string} #1 atomic
    - tolerations [Toleration] #2 atomic
    """
}
