extension SchemaTable {
  /// Deployments, and what guards their pods.
  static let workloads = """
    @ io.k8s.api.apps.v1 apps/v1
    Deployment kind | Keeps a number of equal pods running, and replaces them step by step when the template changes.
    - spec DeploymentSpec #2 | What should run, and how changes are rolled out.
    - status DeploymentStatus #3 | What was last seen of it.
    DeploymentSpec | What a Deployment should run, and how changes are rolled out.
    - minReadySeconds int32 #5 | Seconds that a pod must be ready to count as available. 0 by default.
    - paused bool #7 | Whether changes of the template wait.
    - progressDeadlineSeconds int32 #9? | Seconds without progress after which a rollout counts as failed. 600 by \
      default.
    - replicas int32 #1? | How many pods. 1 by default.
    - revisionHistoryLimit int32 #6? | How many old ReplicaSets are kept to go back to. 10 by default.
    - selector! LabelSelector #2? | Which pods belong to it. Must match the template's labels; cannot be changed.
    - strategy DeploymentStrategy #4 strategy=retainKeys | How old pods are replaced by new ones.
    - template! PodTemplateSpec #3 | What the pods are like.
    DeploymentStrategy | How old pods are replaced by new ones.
    - rollingUpdate RollingUpdateDeployment #2? | How many at a time, for RollingUpdate.
    - type string #1 (Recreate,RollingUpdate) | RollingUpdate by default; Recreate ends all old pods first.
    RollingUpdateDeployment | How many pods are replaced at a time.
    - maxSurge IntOrString #2? | How many pods there may be beyond those wanted; a number or a percentage. 25% by \
      default.
    - maxUnavailable IntOrString #1? | How many pods may be missing; a number or a percentage. 25% by default.
    DeploymentStatus | What was last seen of a Deployment.
    - availableReplicas int32 #4 | Pods that have been ready for long enough.
    - collisionCount int32 #8? | How often two templates had the same hash.
    - conditions [DeploymentCondition] #6 merge=type map=type | Available, Progressing, ReplicaFailure.
    - observedGeneration int64 #1 | The generation that was seen.
    - readyReplicas int32 #7 | Pods that are ready.
    - replicas int32 #2 | Pods there are.
    - unavailableReplicas int32 #5 | Pods that are missing.
    - updatedReplicas int32 #3 | Pods that have the newest template.
    DeploymentCondition | One aspect of a Deployment's state.
    - lastTransitionTime Time #7 | When it last changed.
    - lastUpdateTime Time #6 | When it was last reported.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    ReplicaSet kind | Keeps a number of equal pods running.
    - spec ReplicaSetSpec #2 | What should run.
    - status ReplicaSetStatus #3 | What was last seen of it.
    ReplicaSetSpec | What a ReplicaSet should run.
    - minReadySeconds int32 #4 | Seconds that a pod must be ready to count as available. 0 by default.
    - replicas int32 #1? | How many pods. 1 by default.
    - selector! LabelSelector #2? | Which pods belong to it. Cannot be changed.
    - template PodTemplateSpec #3 | What the pods are like.
    ReplicaSetStatus | What was last seen of a ReplicaSet.
    - availableReplicas int32 #5 | Pods that have been ready for long enough.
    - conditions [ReplicaSetCondition] #6 merge=type map=type | ReplicaFailure.
    - fullyLabeledReplicas int32 #2 | Pods that have all labels of the template.
    - observedGeneration int64 #3 | The generation that was seen.
    - readyReplicas int32 #4 | Pods that are ready.
    - replicas! int32 #1 | Pods there are.
    ReplicaSetCondition | One aspect of a ReplicaSet's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    @ io.k8s.api.policy.v1 policy/v1
    PodDisruptionBudget kind | How many pods may be taken away on purpose at a time.
    - spec PodDisruptionBudgetSpec #2 | The limits.
    - status PodDisruptionBudgetStatus #3 | What is allowed now.
    PodDisruptionBudgetSpec | The limits of a budget. One of minAvailable and maxUnavailable.
    - maxUnavailable IntOrString #3? | How many pods may be missing; a number or a percentage.
    - minAvailable IntOrString #1? | How many pods must stay; a number or a percentage.
    - selector LabelSelector #2? strategy=replace | Which pods.
    - unhealthyPodEvictionPolicy string #4? (AlwaysAllow,IfHealthyBudget) | When pods that are not ready may be \
      evicted: IfHealthyBudget or AlwaysAllow.
    PodDisruptionBudgetStatus | What a budget allows now.
    - conditions [Condition] #7 merge=type map=type | DisruptionAllowed.
    - currentHealthy! int32 #4 | Healthy pods there are.
    - desiredHealthy! int32 #5 | Healthy pods there must be.
    - disruptedPods {Time} #2 | Pods whose eviction was granted and that are not gone yet.
    - disruptionsAllowed! int32 #3 | Pods that may be evicted now.
    - expectedPods! int32 #6 | Pods that are counted.
    - observedGeneration int64 #1 | The generation that was seen.
    Eviction kind | Asks for a pod to be taken away, where its budgets allow it. Sent to a pod's eviction subresource.
    - deleteOptions DeleteOptions #2? | How to delete it.
    """
}
