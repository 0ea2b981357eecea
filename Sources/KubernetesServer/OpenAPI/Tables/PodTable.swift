extension SchemaTable {
  /// Pods and what is in them.
  static let pods = """
    @ io.k8s.api.core.v1 v1
    Pod kind | Containers that run together on one node and share an address.
    - spec PodSpec | What should run, and where it may.
    - status PodStatus | What was last seen of it.
    PodTemplateSpec | What a pod will be like when it is made from this template.
    - metadata ObjectMeta | Labels and annotations of the pods.
    - spec PodSpec | What should run in the pods.
    PodSpec | What a pod runs, and where it may run.
    - activeDeadlineSeconds int64 | Seconds after which the pod is ended and counts as failed.
    - affinity Affinity | Rules about the nodes and neighbours that the pod wants, or does not.
    - automountServiceAccountToken bool | Whether the service account's token is mounted.
    - containers! [Container] merge=name map=name | The programs of the pod. At least one; cannot be added to later.
    - dnsConfig PodDNSConfig | DNS settings beside those of dnsPolicy.
    - dnsPolicy string (ClusterFirst,ClusterFirstWithHostNet,Default,None) | Where names are looked up. ClusterFirst \
      by default.
    - enableServiceLinks bool | Whether services appear as environment variables. True by default.
    - ephemeralContainers [EphemeralContainer] merge=name map=name | Containers added to a running pod, for debugging.
    - hostAliases [HostAlias] merge=ip map=ip | Lines for the pod's hosts file.
    - hostIPC bool | Whether the pod uses the node's IPC namespace.
    - hostNetwork bool | Whether the pod uses the node's network, so that its ports are the node's.
    - hostPID bool | Whether the pod sees the node's processes.
    - hostUsers bool | Whether the pod uses the node's user namespace. True by default.
    - hostname string | The pod's host name, where it is not to be the pod's name.
    - imagePullSecrets [LocalObjectReference] merge=name map=name | Secrets with which images are pulled.
    - initContainers [Container] merge=name map=name | Programs that run before the others, one after another; those \
      with restartPolicy Always keep running as sidecars.
    - nodeName string | The node that the pod is bound to. Set by the scheduler.
    - nodeSelector {string} atomic | Labels that the node must have.
    - os PodOS | The operating system that the pod is for.
    - overhead {Quantity} | What running the pod costs beside its containers.
    - preemptionPolicy string (Never,PreemptLowerPriority) | Whether the pod may push out others of lower priority.
    - priority int32 | The pod's importance as a number, from its priority class.
    - priorityClassName string | The pod's importance by name.
    - readinessGates [PodReadinessGate] atomic | Further conditions that must be true for the pod to be ready.
    - resourceClaims [PodResourceClaim] merge=name strategy=merge,retainKeys map=name | Devices that the pod claims.
    - resources ResourceRequirements | What all containers together need.
    - restartPolicy string (Always,Never,OnFailure) | When containers are started again. Always by default.
    - runtimeClassName string | The runtime with which the pod is run.
    - schedulerName string | Who schedules the pod. default-scheduler by default.
    - schedulingGates [PodSchedulingGate] merge=name map=name | While there are any, the pod is not scheduled.
    - securityContext PodSecurityContext | Users, groups and privileges for all containers.
    - serviceAccount string | The older name of serviceAccountName.
    - serviceAccountName string | The identity that the pod has towards the API.
    - setHostnameAsFQDN bool | Whether the host name is the fully qualified one.
    - shareProcessNamespace bool | Whether the containers see each other's processes.
    - subdomain string | The subdomain of the pod's fully qualified name.
    - terminationGracePeriodSeconds int64 | Seconds between the request to end and the kill. 30 by default.
    - tolerations [Toleration] atomic | Taints of nodes that the pod accepts.
    - topologySpreadConstraints [TopologySpreadConstraint] merge=topologyKey map=topologyKey,whenUnsatisfiable | How \
      the pods of a kind are spread over zones and nodes.
    - volumes [Volume] merge=name strategy=merge,retainKeys map=name | What containers can mount.
    Container | A program that a pod runs from an image.
    - args [string] atomic | Arguments; those of the image where absent. $(NAME) is replaced by that variable.
    - command [string] atomic | The program with its first arguments; the image's entry point where absent.
    - env [EnvVar] merge=name map=name | Environment variables.
    - envFrom [EnvFromSource] atomic | Objects whose keys all become environment variables; env wins over them.
    - image string | The image's name, with registry, tag or digest.
    - imagePullPolicy string (Always,IfNotPresent,Never) | When the image is pulled. Always for the tag latest, else \
      IfNotPresent.
    - lifecycle Lifecycle | What to do after the start and before the end.
    - livenessProbe Probe | How to find out that the container must be started again.
    - name! string | Unique in the pod; a DNS label. Cannot be changed.
    - ports [ContainerPort] merge=containerPort map=containerPort,protocol | Ports that the program listens at.
    - readinessProbe Probe | How to find out whether the container can take traffic.
    - resizePolicy [ContainerResizePolicy] atomic | What a change of resources needs.
    - resources ResourceRequirements | What the container needs, and the most it may use.
    - restartPolicy string | Always, on an init container: it is a sidecar.
    - securityContext SecurityContext | Users and privileges; wins over the pod's.
    - startupProbe Probe | How to find out that the program has started; the other probes wait for it.
    - stdin bool | Whether standard input stays open.
    - stdinOnce bool | Whether standard input closes after the first client.
    - terminationMessagePath string | The file from which the reason of the end is read. /dev/termination-log by \
      default.
    - terminationMessagePolicy string (FallbackToLogsOnError,File) | Whether the log may stand in for that file.
    - tty bool | Whether the container has a terminal.
    - volumeDevices [VolumeDevice] merge=devicePath map=devicePath | Volumes given as block devices.
    - volumeMounts [VolumeMount] merge=mountPath map=mountPath | Volumes, and where they appear.
    - workingDir string | The directory that the program starts in.
    EphemeralContainer : Container | A container added to a running pod, for debugging.
    - targetContainerName string | The container whose processes it sees.
    ContainerPort | A port that a container listens at.
    - containerPort! int32 | The number, 1 to 65535.
    - hostIP string | The address of the node to bind.
    - hostPort int32 | The port of the node to bind.
    - name string | A name for services and probes, unique in the pod.
    - protocol string (SCTP,TCP,UDP) | TCP by default.
    EnvVar | An environment variable.
    - name! string | The variable's name.
    - value string | Its value; $(NAME) is replaced by an earlier variable.
    - valueFrom EnvVarSource | Where the value comes from, in place of value.
    EnvVarSource | Where a variable's value comes from. One of these.
    - configMapKeyRef ConfigMapKeySelector | A key of a ConfigMap.
    - fieldRef ObjectFieldSelector | A field of the pod, such as status.podIP.
    - resourceFieldRef ResourceFieldSelector | A request or limit of the container.
    - secretKeyRef SecretKeySelector | A key of a Secret.
    EnvFromSource | An object whose keys all become variables.
    - configMapRef ConfigMapEnvSource | A ConfigMap.
    - prefix string | What to put before each name.
    - secretRef SecretEnvSource | A Secret.
    ConfigMapEnvSource | A ConfigMap, by name.
    - name string | The name.
    - optional bool | Whether the pod starts without it.
    SecretEnvSource : ConfigMapEnvSource | A Secret, by name.
    ConfigMapKeySelector | A key of a ConfigMap.
    - key! string | The key.
    - name string | The ConfigMap's name.
    - optional bool | Whether the pod starts without it.
    SecretKeySelector : ConfigMapKeySelector | A key of a Secret.
    ObjectFieldSelector | A field of the pod itself.
    - apiVersion string | The version in whose terms the path is. v1 by default.
    - fieldPath! string | The field's path.
    ResourceFieldSelector | A request or limit of a container.
    - containerName string | The container; needed in volumes.
    - divisor Quantity | The unit of the result. 1 by default.
    - resource! string | Such as limits.cpu.
    ResourceRequirements | What is needed at least, and what may be used at most.
    - claims [ResourceClaim] map=name | Claims of the pod that the container uses.
    - limits {Quantity} | The most, by resource.
    - requests {Quantity} | The least, by resource; the scheduler finds room for it. The limit where absent.
    ResourceClaim | A claim of the pod.
    - name! string | The claim's name in the pod.
    - request string | The part of the claim.
    ContainerResizePolicy | What a change of one resource needs.
    - resourceName! string | cpu or memory.
    - restartPolicy! string | NotRequired or RestartContainer.
    Probe | How the health of a container is asked for. One of exec, grpc, httpGet and tcpSocket.
    - exec ExecAction | A command in the container; exit code 0 is success.
    - failureThreshold int32 | Failures in a row until the probe has failed. 3 by default.
    - grpc GRPCAction | A gRPC health check.
    - httpGet HTTPGetAction | An HTTP request; a status from 200 to 399 is success.
    - initialDelaySeconds int32 | Seconds after the start before the first probe.
    - periodSeconds int32 | Seconds between probes. 10 by default.
    - successThreshold int32 | Successes in a row until the probe has succeeded. 1 by default.
    - tcpSocket TCPSocketAction | A TCP connection; being accepted is success.
    - terminationGracePeriodSeconds int64 | The grace period for an end that this probe brings about.
    - timeoutSeconds int32 | Seconds to wait for the answer. 1 by default.
    ExecAction | A command in the container, without a shell.
    - command [string] atomic | The program and its arguments.
    GRPCAction | A gRPC health check.
    - port! int32 | The port.
    - service string | The service to ask for.
    HTTPGetAction | An HTTP request.
    - host string | The host; the pod's address by default.
    - httpHeaders [HTTPHeader] atomic | Headers to send.
    - path string | The path. / by default.
    - port! IntOrString | The port's number or name.
    - scheme string (HTTP,HTTPS) | HTTP by default.
    HTTPHeader | A header of a request.
    - name! string | Its name.
    - value! string | Its value.
    TCPSocketAction | A TCP connection.
    - host string | The host; the pod's address by default.
    - port! IntOrString | The port's number or name.
    Lifecycle | What to do after a container's start and before its end.
    - postStart LifecycleHandler | Done right after the start.
    - preStop LifecycleHandler | Done before the program is asked to end, within the grace period.
    - stopSignal string | The signal that asks the program to end.
    LifecycleHandler | Something to do. One of these.
    - exec ExecAction | A command in the container.
    - httpGet HTTPGetAction | An HTTP request.
    - sleep SleepAction | A pause.
    - tcpSocket TCPSocketAction | No longer supported.
    SleepAction | A pause.
    - seconds! int64 | How long.
    LocalObjectReference | An object of the same namespace.
    - name string | Its name.
    HostAlias | A line of the hosts file.
    - hostnames [string] atomic | Names for the address.
    - ip! string | The address.
    PodDNSConfig | DNS settings of a pod.
    - nameservers [string] atomic | Addresses of name servers.
    - options [PodDNSConfigOption] atomic | Options of the resolver.
    - searches [string] atomic | Domains to search.
    PodDNSConfigOption | An option of the resolver.
    - name string | Its name.
    - value string | Its value.
    PodOS | An operating system.
    - name! string | linux or windows.
    PodReadinessGate | A condition that a pod waits for.
    - conditionType! string | The condition's type.
    PodSchedulingGate | Something that holds a pod back from scheduling.
    - name! string | Its name.
    PodResourceClaim | Devices that a pod claims.
    - name! string | The claim's name in the pod.
    - resourceClaimName string | A claim that is there.
    - resourceClaimTemplateName string | A template to make the claim from.
    PodSecurityContext | Users, groups and privileges of a pod.
    - appArmorProfile AppArmorProfile | The AppArmor profile.
    - fsGroup int64 | The group that owns the volumes.
    - fsGroupChangePolicy string | When ownership of volumes is changed: OnRootMismatch or Always.
    - runAsGroup int64 | The group to run as.
    - runAsNonRoot bool | Whether running as root is refused.
    - runAsUser int64 | The user to run as.
    - seLinuxChangePolicy string | How volumes get their SELinux label.
    - seLinuxOptions SELinuxOptions | The SELinux label.
    - seccompProfile SeccompProfile | The seccomp profile.
    - supplementalGroups [int64] atomic | Further groups.
    - supplementalGroupsPolicy string | Merge or Strict.
    - sysctls [Sysctl] atomic | Kernel settings of the pod.
    - windowsOptions WindowsSecurityContextOptions | For Windows.
    SecurityContext | Users and privileges of a container.
    - allowPrivilegeEscalation bool | Whether a process may gain more privileges than its parent.
    - appArmorProfile AppArmorProfile | The AppArmor profile.
    - capabilities Capabilities | Capabilities added and dropped.
    - privileged bool | Whether the container is as mighty as root on the node.
    - procMount string | How /proc is mounted: Default or Unmasked.
    - readOnlyRootFilesystem bool | Whether the root file system is read-only.
    - runAsGroup int64 | The group to run as.
    - runAsNonRoot bool | Whether running as root is refused.
    - runAsUser int64 | The user to run as.
    - seLinuxOptions SELinuxOptions | The SELinux label.
    - seccompProfile SeccompProfile | The seccomp profile.
    - windowsOptions WindowsSecurityContextOptions | For Windows.
    AppArmorProfile | An AppArmor profile.
    - localhostProfile string | A profile loaded on the node.
    - type! string | Localhost, RuntimeDefault or Unconfined.
    SeccompProfile : AppArmorProfile | A seccomp profile.
    Capabilities | Linux capabilities.
    - add [string] atomic | Added ones.
    - drop [string] atomic | Dropped ones.
    SELinuxOptions | An SELinux label.
    - level string | The level.
    - role string | The role.
    - type string | The type.
    - user string | The user.
    Sysctl | A kernel setting.
    - name! string | Its name.
    - value! string | Its value.
    WindowsSecurityContextOptions | Identity of a Windows container.
    - gmsaCredentialSpec string | The GMSA credential spec itself.
    - gmsaCredentialSpecName string | The name of one.
    - hostProcess bool | Whether it runs as a process of the host.
    - runAsUserName string | The user to run as.
    Affinity | Rules about nodes and neighbours.
    - nodeAffinity NodeAffinity | Which nodes.
    - podAffinity PodAffinity | Near which pods.
    - podAntiAffinity PodAntiAffinity | Away from which pods.
    NodeAffinity | Which nodes a pod wants.
    - preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution NodeSelector | What must be.
    NodeSelector | Alternatives of which one must hold.
    - nodeSelectorTerms! [NodeSelectorTerm] atomic | The alternatives.
    NodeSelectorTerm | Conditions that must all hold.
    - matchExpressions [NodeSelectorRequirement] atomic | Conditions on labels.
    - matchFields [NodeSelectorRequirement] atomic | Conditions on fields: metadata.name.
    NodeSelectorRequirement | One condition on one label.
    - key! string | The label's key.
    - operator! string (DoesNotExist,Exists,Gt,In,Lt,NotIn) | How the values are compared.
    - values [string] atomic | The values.
    PreferredSchedulingTerm | A wish with a weight.
    - preference! NodeSelectorTerm | The wish.
    - weight! int32 | 1 to 100.
    PodAffinity | Near which pods a pod wants to be.
    - preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] atomic | What must be.
    PodAntiAffinity : PodAffinity | Away from which pods a pod wants to be.
    WeightedPodAffinityTerm | A wish with a weight.
    - podAffinityTerm! PodAffinityTerm | The wish.
    - weight! int32 | 1 to 100.
    PodAffinityTerm | Other pods, and what counts as near.
    - labelSelector LabelSelector | Which pods.
    - matchLabelKeys [string] atomic | Labels whose values are taken from the pod itself.
    - mismatchLabelKeys [string] atomic | Labels whose values must differ from the pod's.
    - namespaceSelector LabelSelector | Namespaces to look in, by label.
    - namespaces [string] atomic | Namespaces to look in; the pod's own by default.
    - topologyKey! string | Nodes with the same value of this label are near each other.
    Toleration | A taint that a pod accepts.
    - effect string (NoExecute,NoSchedule,PreferNoSchedule) | The effect; all where empty.
    - key string | The taint's key; all where empty, with Exists.
    - operator string (Equal,Exists) | Equal by default.
    - tolerationSeconds int64 | Seconds for which a NoExecute taint is accepted; forever where absent.
    - value string | The taint's value, for Equal.
    TopologySpreadConstraint | How pods are spread over the values of a node label.
    - labelSelector LabelSelector | Which pods are counted.
    - matchLabelKeys [string] atomic | Labels whose values are taken from the pod itself.
    - maxSkew! int32 | By how many pods two values may differ.
    - minDomains int32 | The fewest values that count.
    - nodeAffinityPolicy string (Honor,Ignore) | Whether nodes that the pod cannot use are left out. Honor by default.
    - nodeTaintsPolicy string (Honor,Ignore) | Whether tainted nodes are left out. Ignore by default.
    - topologyKey! string | The node label.
    - whenUnsatisfiable! string (DoNotSchedule,ScheduleAnyway) | What to do where it cannot be kept.
    PodStatus | What was last seen of a pod.
    - conditions [PodCondition] merge=type map=type | Scheduled, initialized, ready and the like.
    - containerStatuses [ContainerStatus] atomic | Each container's state.
    - ephemeralContainerStatuses [ContainerStatus] atomic | Each ephemeral container's state.
    - hostIP string | The node's address.
    - hostIPs [HostIP] merge=ip atomic | All of the node's addresses.
    - initContainerStatuses [ContainerStatus] atomic | Each init container's state.
    - message string | For people: why the pod is in this state.
    - nominatedNodeName string | The node on which room is being made.
    - observedGeneration int64 | The generation that was seen.
    - phase string (Failed,Pending,Running,Succeeded,Unknown) | Where the pod is in its life.
    - podIP string | The pod's address.
    - podIPs [PodIP] merge=ip map=ip | All of the pod's addresses.
    - qosClass string (BestEffort,Burstable,Guaranteed) | Who is evicted first when a node runs short.
    - reason string | For programs: why the pod is in this state.
    - resize string | The state of a change of resources.
    - resourceClaimStatuses [PodResourceClaimStatus] merge=name strategy=merge,retainKeys map=name | The claims made \
      for the pod.
    - startTime Time | When the node accepted the pod.
    PodResourceClaimStatus | A claim made for a pod.
    - name! string | The claim's name in the pod.
    - resourceClaimName string | The claim.
    PodCondition | One aspect of a pod's state.
    - lastProbeTime Time | When it was last looked at.
    - lastTransitionTime Time | When it last changed.
    - message string | For people.
    - observedGeneration int64 | The generation that was seen.
    - reason string | For programs.
    - status! string | True, False or Unknown.
    - type! string | Which aspect.
    PodIP | An address.
    - ip! string | The address.
    HostIP : PodIP | An address.
    ContainerStatus | What was last seen of a container.
    - allocatedResources {Quantity} | What the node set aside.
    - allocatedResourcesStatus [ResourceStatus] merge=name map=name | The health of devices.
    - containerID string | The runtime's name for it.
    - image! string | The image that runs.
    - imageID! string | That image's digest.
    - lastState ContainerState | How it ended before.
    - name! string | The container's name.
    - ready! bool | Whether it is ready.
    - resources ResourceRequirements | What it was started with.
    - restartCount! int32 | How often it was started again.
    - started bool | Whether its startup probe has succeeded.
    - state ContainerState | What it is doing.
    - stopSignal string | The signal that asks it to end.
    - user ContainerUser | Who it runs as.
    - volumeMounts [VolumeMountStatus] merge=mountPath map=mountPath | Its mounts.
    ContainerUser | Who a container runs as.
    - linux LinuxContainerUser | On Linux.
    LinuxContainerUser | User and groups.
    - gid! int64 | The group.
    - supplementalGroups [int64] atomic | Further groups.
    - uid! int64 | The user.
    ResourceStatus | The health of a device resource.
    - name! string | The resource.
    - resources [ResourceHealth] map=resourceID | Each device.
    ResourceHealth | The health of a device.
    - health string | Healthy, Unhealthy or Unknown.
    - resourceID! string | The device.
    VolumeMountStatus | A mount as it is.
    - mountPath! string | Where.
    - name! string | The volume.
    - readOnly bool | Whether it is read-only.
    - recursiveReadOnly string | Whether that holds below it too.
    ContainerState | One of waiting, running and terminated.
    - running ContainerStateRunning | It runs.
    - terminated ContainerStateTerminated | It ended.
    - waiting ContainerStateWaiting | It has not begun.
    ContainerStateRunning | A running container.
    - startedAt Time | Since when.
    ContainerStateTerminated | An ended container.
    - containerID string | The runtime's name for it.
    - exitCode! int32 | The exit code.
    - finishedAt Time | When it ended.
    - message string | For people: why.
    - reason string | For programs: why.
    - signal int32 | The signal that ended it.
    - startedAt Time | When it had begun.
    ContainerStateWaiting | A container that has not begun.
    - message string | For people: why.
    - reason string | For programs: why, such as ImagePullBackOff.
    Binding kind | Ties a pod to a node. Sent to a pod's binding subresource.
    - target! ObjectReference | The node.
    """
}
