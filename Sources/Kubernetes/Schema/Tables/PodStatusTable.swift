extension SchemaTable {
  /// What is seen of pods.
  static let podStatus = """
    @ io.k8s.api.core.v1 v1
    PodStatus | What was last seen of a pod.
    - conditions [PodCondition] #2 merge=type map=type | Scheduled, initialized, ready and the like.
    - containerStatuses [ContainerStatus] #8 atomic | Each container's state.
    - ephemeralContainerStatuses [ContainerStatus] #13 atomic | Each ephemeral container's state.
    - hostIP string #5 | The node's address.
    - hostIPs [HostIP] #16 merge=ip atomic | All of the node's addresses.
    - initContainerStatuses [ContainerStatus] #10 atomic | Each init container's state.
    - message string #3 | For people: why the pod is in this state.
    - nominatedNodeName string #11 | The node on which room is being made.
    - phase string #1 (Failed,Pending,Running,Succeeded,Unknown) | Where the pod is in its life.
    - podIP string #6 | The pod's address.
    - podIPs [PodIP] #12 merge=ip map=ip | All of the pod's addresses.
    - qosClass string #9 (BestEffort,Burstable,Guaranteed) | Who is evicted first when a node runs short.
    - reason string #4 | For programs: why the pod is in this state.
    - resize string #14 | The state of a change of resources.
    - resourceClaimStatuses [PodResourceClaimStatus] #15 merge=name strategy=merge,retainKeys map=name | The claims \
      made for the pod.
    - startTime Time #7? | When the node accepted the pod.
    PodResourceClaimStatus | A claim made for a pod.
    - name! string #1 | The claim's name in the pod.
    - resourceClaimName string #2? | The claim.
    PodCondition | One aspect of a pod's state.
    - lastProbeTime Time #3 | When it was last looked at.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    PodIP | An address.
    - ip! string #1 | The address.
    HostIP : PodIP | An address.
    ContainerStatus | What was last seen of a container.
    - allocatedResources {Quantity} #10 | What the node set aside.
    - allocatedResourcesStatus [ResourceStatus] #14 merge=name map=name | The health of devices.
    - containerID string #8 | The runtime's name for it.
    - image! string #6 | The image that runs.
    - imageID! string #7 | That image's digest.
    - lastState ContainerState #3 | How it ended before.
    - name! string #1 | The container's name.
    - ready! bool #4 | Whether it is ready.
    - resources ResourceRequirements #11? | What it was started with.
    - restartCount! int32 #5 | How often it was started again.
    - started bool #9? | Whether its startup probe has succeeded.
    - state ContainerState #2 | What it is doing.
    - user ContainerUser #13? | Who it runs as.
    - volumeMounts [VolumeMountStatus] #12 merge=mountPath map=mountPath | Its mounts.
    ContainerUser | Who a container runs as.
    - linux LinuxContainerUser #1? | On Linux.
    LinuxContainerUser | User and groups.
    - gid! int64 #2 | The group.
    - supplementalGroups [int64] #3 atomic | Further groups.
    - uid! int64 #1 | The user.
    ResourceStatus | The health of a device resource.
    - name! string #1 | The resource.
    - resources [ResourceHealth] #2 map=resourceID | Each device.
    ResourceHealth | The health of a device.
    - health string #2 | Healthy, Unhealthy or Unknown.
    - resourceID! string #1 | The device.
    VolumeMountStatus | A mount as it is.
    - mountPath! string #2 | Where.
    - name! string #1 | The volume.
    - readOnly bool #3 | Whether it is read-only.
    - recursiveReadOnly string #4? | Whether that holds below it too.
    ContainerState | One of waiting, running and terminated.
    - running ContainerStateRunning #2? | It runs.
    - terminated ContainerStateTerminated #3? | It ended.
    - waiting ContainerStateWaiting #1? | It has not begun.
    ContainerStateRunning | A running container.
    - startedAt Time #1 | Since when.
    ContainerStateTerminated | An ended container.
    - containerID string #7 | The runtime's name for it.
    - exitCode! int32 #1 | The exit code.
    - finishedAt Time #6 | When it ended.
    - message string #4 | For people: why.
    - reason string #3 | For programs: why.
    - signal int32 #2 | The signal that ended it.
    - startedAt Time #5 | When it had begun.
    ContainerStateWaiting | A container that has not begun.
    - message string #2 | For people: why.
    - reason string #1 | For programs: why, such as ImagePullBackOff.
    Binding kind | Ties a pod to a node. Sent to a pod's binding subresource.
    - target! ObjectReference #2 | The node.
    PodTemplate kind | A template of pods, kept by itself.
    - template PodTemplateSpec #2 | What the pods are like.
    """
}
