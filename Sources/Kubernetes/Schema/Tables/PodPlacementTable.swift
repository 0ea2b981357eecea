extension SchemaTable {
  /// Who pods run as, and where they may run.
  static let podPlacement = """
    @ io.k8s.api.core.v1 v1
    PodSecurityContext | Users, groups and privileges of a pod.
    - appArmorProfile AppArmorProfile #11? | The AppArmor profile.
    - fsGroup int64 #5? | The group that owns the volumes.
    - fsGroupChangePolicy string #9? (Always,OnRootMismatch) | When ownership of volumes is changed: OnRootMismatch \
      or Always.
    - runAsGroup int64 #6? | The group to run as.
    - runAsNonRoot bool #3? | Whether running as root is refused.
    - runAsUser int64 #2? | The user to run as.
    - seLinuxChangePolicy string #13? | How volumes get their SELinux label.
    - seLinuxOptions SELinuxOptions #1? | The SELinux label.
    - seccompProfile SeccompProfile #10? | The seccomp profile.
    - supplementalGroups [int64] #4 atomic | Further groups.
    - supplementalGroupsPolicy string #12? (Merge,Strict) | Merge or Strict.
    - sysctls [Sysctl] #7 atomic | Kernel settings of the pod.
    - windowsOptions WindowsSecurityContextOptions #8? | For Windows.
    SecurityContext | Users and privileges of a container.
    - allowPrivilegeEscalation bool #7? | Whether a process may gain more privileges than its parent.
    - appArmorProfile AppArmorProfile #12? | The AppArmor profile.
    - capabilities Capabilities #1? | Capabilities added and dropped.
    - privileged bool #2? | Whether the container is as mighty as root on the node.
    - procMount string #9? (Default,Unmasked) | How /proc is mounted: Default or Unmasked.
    - readOnlyRootFilesystem bool #6? | Whether the root file system is read-only.
    - runAsGroup int64 #8? | The group to run as.
    - runAsNonRoot bool #5? | Whether running as root is refused.
    - runAsUser int64 #4? | The user to run as.
    - seLinuxOptions SELinuxOptions #3? | The SELinux label.
    - seccompProfile SeccompProfile #11? | The seccomp profile.
    - windowsOptions WindowsSecurityContextOptions #10? | For Windows.
    AppArmorProfile | An AppArmor profile.
    - localhostProfile string #2? | A profile loaded on the node.
    - type! string #1 (Localhost,RuntimeDefault,Unconfined) | Localhost, RuntimeDefault or Unconfined.
    SeccompProfile : AppArmorProfile | A seccomp profile.
    Capabilities | Linux capabilities.
    - add [string] #1 atomic | Added ones.
    - drop [string] #2 atomic | Dropped ones.
    SELinuxOptions | An SELinux label.
    - level string #4 | The level.
    - role string #2 | The role.
    - type string #3 | The type.
    - user string #1 | The user.
    Sysctl | A kernel setting.
    - name! string #1 | Its name.
    - value! string #2 | Its value.
    WindowsSecurityContextOptions | Identity of a Windows container.
    - gmsaCredentialSpec string #2? | The GMSA credential spec itself.
    - gmsaCredentialSpecName string #1? | The name of one.
    - hostProcess bool #4? | Whether it runs as a process of the host.
    - runAsUserName string #3? | The user to run as.
    Affinity | Rules about nodes and neighbours.
    - nodeAffinity NodeAffinity #1? | Which nodes.
    - podAffinity PodAffinity #2? | Near which pods.
    - podAntiAffinity PodAntiAffinity #3? | Away from which pods.
    NodeAffinity | Which nodes a pod wants.
    - preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] #2 atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution NodeSelector #1? | What must be.
    NodeSelector atomic | Alternatives of which one must hold.
    - nodeSelectorTerms! [NodeSelectorTerm] #1 atomic | The alternatives.
    NodeSelectorTerm atomic | Conditions that must all hold.
    - matchExpressions [NodeSelectorRequirement] #1 atomic | Conditions on labels.
    - matchFields [NodeSelectorRequirement] #2 atomic | Conditions on fields: metadata.name.
    NodeSelectorRequirement | One condition on one label.
    - key! string #1 | The label's key.
    - operator! string #2 (DoesNotExist,Exists,Gt,In,Lt,NotIn) | How the values are compared.
    - values [string] #3 atomic | The values.
    PreferredSchedulingTerm | A wish with a weight.
    - preference! NodeSelectorTerm #2 | The wish.
    - weight! int32 #1 | 1 to 100.
    PodAffinity | Near which pods a pod wants to be.
    - preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] #2 atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] #1 atomic | What must be.
    PodAntiAffinity : PodAffinity | Away from which pods a pod wants to be.
    WeightedPodAffinityTerm | A wish with a weight.
    - podAffinityTerm! PodAffinityTerm #2 | The wish.
    - weight! int32 #1 | 1 to 100.
    PodAffinityTerm | Other pods, and what counts as near.
    - labelSelector LabelSelector #1? | Which pods.
    - matchLabelKeys [string] #5 atomic | Labels whose values are taken from the pod itself.
    - mismatchLabelKeys [string] #6 atomic | Labels whose values must differ from the pod's.
    - namespaceSelector LabelSelector #4? | Namespaces to look in, by label.
    - namespaces [string] #2 atomic | Namespaces to look in; the pod's own by default.
    - topologyKey! string #3 | Nodes with the same value of this label are near each other.
    Toleration | A taint that a pod accepts.
    - effect string #4 (NoExecute,NoSchedule,PreferNoSchedule) | The effect; all where empty.
    - key string #1 | The taint's key; all where empty, with Exists.
    - operator string #2 (Equal,Exists) | Equal by default.
    - tolerationSeconds int64 #5? | Seconds for which a NoExecute taint is accepted; forever where absent.
    - value string #3 | The taint's value, for Equal.
    TopologySpreadConstraint | How pods are spread over the values of a node label.
    - labelSelector LabelSelector #4? | Which pods are counted.
    - matchLabelKeys [string] #8 atomic | Labels whose values are taken from the pod itself.
    - maxSkew! int32 #1 | By how many pods two values may differ.
    - minDomains int32 #5? | The fewest values that count.
    - nodeAffinityPolicy string #6? (Honor,Ignore) | Whether nodes that the pod cannot use are left out. Honor by \
      default.
    - nodeTaintsPolicy string #7? (Honor,Ignore) | Whether tainted nodes are left out. Ignore by default.
    - topologyKey! string #2 | The node label.
    - whenUnsatisfiable! string #3 (DoNotSchedule,ScheduleAnyway) | What to do where it cannot be kept.
    """
}
