extension SchemaTable {
  /// StatefulSets, DaemonSets, and the older controllers.
  static let statefulWorkloads = """
    @ io.k8s.api.apps.v1 apps/v1
    StatefulSet kind | Pods with names and volumes that stay theirs, started and ended in order.
    - spec StatefulSetSpec #2 | What is wanted.
    - status StatefulSetStatus #3 | What was last seen.
    StatefulSetSpec | What is wanted of the set.
    - minReadySeconds int32 #9 | Seconds that a pod must be ready to count as available. 0 by default.
    - ordinals StatefulSetOrdinals #11? | How the pods are numbered.
    - persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy #10? | What becomes of the \
      claims when the set goes or shrinks.
    - podManagementPolicy string #6 (OrderedReady,Parallel) | OrderedReady starts one pod after another, Parallel all \
      at once.
    - replicas int32 #1? | How many pods. 1 by default.
    - revisionHistoryLimit int32 #8? | How many old revisions are kept. 10 by default.
    - selector! LabelSelector #2? | The pods of the set; must match the template's labels. Cannot be changed.
    - serviceName! string #5 | The service that gives the pods their DNS names. Cannot be changed.
    - template! PodTemplateSpec #3 | What each pod is like.
    - updateStrategy StatefulSetUpdateStrategy #7 | How a change of the template reaches the pods.
    - volumeClaimTemplates [PersistentVolumeClaim] #4 atomic | Claims of which each pod gets its own. Cannot be changed.
    StatefulSetUpdateStrategy | How a change of the template reaches the pods.
    - rollingUpdate RollingUpdateStatefulSetStrategy #2? | Details of RollingUpdate.
    - type string #1 (OnDelete,RollingUpdate) | RollingUpdate replaces the pods from the last to the first, OnDelete \
      waits until somebody deletes them.
    RollingUpdateStatefulSetStrategy | Details of a rolling update.
    - maxUnavailable IntOrString #2? | How many pods may be missing meanwhile. 1 by default.
    - partition int32 #1? | Pods with a lower number keep the old template. 0 by default.
    StatefulSetPersistentVolumeClaimRetentionPolicy | What becomes of the claims.
    - whenDeleted string #1 | Retain or Delete, when the set is deleted. Retain by default.
    - whenScaled string #2 | Retain or Delete, when a pod goes because the set shrinks. Retain by default.
    StatefulSetOrdinals | How the pods are numbered.
    - start int32 #1 always | The first number. 0 by default.
    StatefulSetStatus | What was last seen of the set.
    - availableReplicas int32 #11 always | Pods that have been ready for minReadySeconds.
    - collisionCount int32 #9? | How often a revision's name was taken.
    - conditions [StatefulSetCondition] #10 merge=type map=type
    - currentReplicas int32 #4 | Pods of the current revision.
    - currentRevision string #6 | The revision that pods not yet updated have.
    - observedGeneration int64 #1 | The generation that was seen.
    - readyReplicas int32 #3 | Pods that are ready.
    - replicas! int32 #2 | Pods that there are.
    - updateRevision string #7 | The revision that updated pods have.
    - updatedReplicas int32 #5 | Pods of the update revision.
    StatefulSetCondition | One aspect of a set's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    DaemonSet kind | One pod on each node, or on each node that fits.
    - spec DaemonSetSpec #2 | What is wanted.
    - status DaemonSetStatus #3 | What was last seen.
    DaemonSetSpec | What is wanted of the daemon's pods.
    - minReadySeconds int32 #4 | Seconds that a pod must be ready to count as available. 0 by default.
    - revisionHistoryLimit int32 #6? | How many old revisions are kept. 10 by default.
    - selector! LabelSelector #1? | The pods of the daemon; must match the template's labels. Cannot be changed.
    - template! PodTemplateSpec #2 | What each pod is like.
    - updateStrategy DaemonSetUpdateStrategy #3 | How a change of the template reaches the pods.
    DaemonSetUpdateStrategy | How a change of the template reaches the pods.
    - rollingUpdate RollingUpdateDaemonSet #2? | Details of RollingUpdate.
    - type string #1 (OnDelete,RollingUpdate) | RollingUpdate replaces the pods, OnDelete waits until somebody \
      deletes them.
    RollingUpdateDaemonSet | Details of a rolling update.
    - maxSurge IntOrString #2? | How many nodes may have an old and a new pod at once. 0 by default.
    - maxUnavailable IntOrString #1? | On how many nodes the pod may be missing meanwhile. 1 by default.
    DaemonSetStatus | What was last seen of the daemon's pods.
    - collisionCount int32 #9?
    - conditions [DaemonSetCondition] #10 merge=type map=type
    - currentNumberScheduled! int32 #1 | Nodes that run the pod and should.
    - desiredNumberScheduled! int32 #3 | Nodes that should run the pod.
    - numberAvailable int32 #7 | Nodes whose pod has been ready for minReadySeconds.
    - numberMisscheduled! int32 #2 | Nodes that run the pod and should not.
    - numberReady! int32 #4 | Nodes whose pod is ready.
    - numberUnavailable int32 #8 | Nodes that lack an available pod.
    - observedGeneration int64 #5 | The generation that was seen.
    - updatedNumberScheduled int32 #6 | Nodes that run the pod of the newest template.
    DaemonSetCondition | One aspect of a daemon's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    ControllerRevision kind | A template as it was, kept so that one can go back to it. Cannot be changed.
    - data RawExtension #2 | The template, as its owner writes it.
    - revision! int64 #3 | Counts the revisions.
    @ io.k8s.api.core.v1 v1
    ReplicationController kind | The older form of a ReplicaSet.
    - spec ReplicationControllerSpec #2 | What is wanted.
    - status ReplicationControllerStatus #3 | What was last seen.
    ReplicationControllerSpec | What is wanted of the pods.
    - minReadySeconds int32 #4 | Seconds that a pod must be ready to count as available. 0 by default.
    - replicas int32 #1? | How many pods. 1 by default.
    - selector {string} #2 atomic | Labels of the pods; those of the template by default.
    - template PodTemplateSpec #3? | What each pod is like.
    ReplicationControllerStatus | What was last seen of the pods.
    - availableReplicas int32 #5
    - conditions [ReplicationControllerCondition] #6 merge=type map=type
    - fullyLabeledReplicas int32 #2
    - observedGeneration int64 #3
    - readyReplicas int32 #4
    - replicas! int32 #1
    ReplicationControllerCondition | One aspect of a controller's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    """
}
