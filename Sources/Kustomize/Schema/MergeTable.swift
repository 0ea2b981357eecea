/// Which lists of which built-in kinds a strategic merge merges, and by what, as data that can be read at a glance.
///
/// The facts are those of Kubernetes 1.21.2's OpenAPI document (`x-kubernetes-patch-strategy`,
/// `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of
/// https://github.com/kubernetes/kubernetes/blob/v1.21.2/api/openapi-spec/swagger.json): the one that kustomize 5.5
/// carries, whatever the cluster's version. Lists that came later are replaced.
/// ```
/// @ apps/v1 Deployment CSIDriver>Object   kinds of an API version, and their shapes where those have other names
/// Container env=name ports=a,b            a shape: a list merged by one member, by two
/// NodeSpec podCIDRs=                      a list of single values that are merged
/// PodSpec volumes=name>Volume             elements have a shape of their own
/// Pod spec>PodSpec                        a member with a shape; `[]` where it is a list that is replaced
/// ```
enum MergeTable {
  static let text = """
    @ admissionregistration.k8s.io/v1 MutatingWebhookConfiguration ValidatingWebhookConfiguration
    @ admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration ValidatingWebhookConfiguration
    @ apiextensions.k8s.io/v1 CustomResourceDefinition>Object
    @ apiextensions.k8s.io/v1beta1 CustomResourceDefinition>Object
    @ apiregistration.k8s.io/v1 APIService
    @ apiregistration.k8s.io/v1beta1 APIService
    @ apps/v1 ControllerRevision>Object DaemonSet Deployment ReplicaSet StatefulSet
    @ authentication.k8s.io/v1 TokenRequest>Object TokenReview>Object
    @ authentication.k8s.io/v1beta1 TokenReview>Object
    @ authorization.k8s.io/v1 LocalSubjectAccessReview>Object SelfSubjectAccessReview>Object \
      SelfSubjectRulesReview>Object SubjectAccessReview>Object
    @ authorization.k8s.io/v1beta1 LocalSubjectAccessReview>Object SelfSubjectAccessReview>Object \
      SelfSubjectRulesReview>Object SubjectAccessReview>Object
    @ autoscaling/v1 HorizontalPodAutoscaler>Object Scale>Object
    @ autoscaling/v2beta1 HorizontalPodAutoscaler>Object
    @ autoscaling/v2beta2 HorizontalPodAutoscaler>Object
    @ batch/v1 CronJob Job
    @ batch/v1beta1 CronJob
    @ certificates.k8s.io/v1 CertificateSigningRequest>Object
    @ certificates.k8s.io/v1beta1 CertificateSigningRequest>Object
    @ coordination.k8s.io/v1 Lease>Object
    @ coordination.k8s.io/v1beta1 Lease>Object
    @ discovery.k8s.io/v1 EndpointSlice>Object
    @ discovery.k8s.io/v1beta1 EndpointSlice>Object
    @ events.k8s.io/v1 Event>Object
    @ events.k8s.io/v1beta1 Event>Object
    @ extensions/v1beta1 Ingress>Object
    @ flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema>Object PriorityLevelConfiguration>Object
    @ networking.k8s.io/v1 Ingress>Object IngressClass>Object NetworkPolicy>Object
    @ networking.k8s.io/v1beta1 Ingress>Object IngressClass>Object
    @ node.k8s.io/v1 RuntimeClass>Object
    @ node.k8s.io/v1beta1 RuntimeClass>Object
    @ policy/v1 PodDisruptionBudget
    @ policy/v1beta1 Eviction>Object PodDisruptionBudget PodSecurityPolicy>Object
    @ rbac.authorization.k8s.io/v1 ClusterRole>Object ClusterRoleBinding>Object Role>Object RoleBinding>Object
    @ rbac.authorization.k8s.io/v1beta1 ClusterRole>Object ClusterRoleBinding>Object Role>Object RoleBinding>Object
    @ scheduling.k8s.io/v1 PriorityClass>Object
    @ scheduling.k8s.io/v1beta1 PriorityClass>Object
    @ storage.k8s.io/v1 CSIDriver>Object CSINode StorageClass>Object VolumeAttachment>Object
    @ storage.k8s.io/v1beta1 CSIDriver>Object CSINode CSIStorageCapacity>Object StorageClass>Object \
      VolumeAttachment>Object
    @ v1 Binding>Object ComponentStatus ConfigMap>Object Endpoints>Object Event>Object LimitRange>Object \
      Namespace Node PersistentVolume>Object PersistentVolumeClaim Pod PodTemplate ReplicationController \
      ResourceQuota>Object Secret>Object Service ServiceAccount
    MutatingWebhookConfiguration metadata>ObjectMeta webhooks=name
    ValidatingWebhookConfiguration metadata>ObjectMeta webhooks=name
    DaemonSet metadata>ObjectMeta spec>DaemonSetSpec status>DaemonSetStatus
    DaemonSetSpec template>PodTemplateSpec
    DaemonSetStatus conditions=type
    Deployment metadata>ObjectMeta spec>DeploymentSpec status>DeploymentStatus
    DeploymentSpec template>PodTemplateSpec
    DeploymentStatus conditions=type
    ReplicaSet metadata>ObjectMeta spec>ReplicaSetSpec status>ReplicaSetStatus
    ReplicaSetSpec template>PodTemplateSpec
    ReplicaSetStatus conditions=type
    StatefulSet metadata>ObjectMeta spec>StatefulSetSpec status>StatefulSetStatus
    StatefulSetSpec template>PodTemplateSpec volumeClaimTemplates[]>PersistentVolumeClaim
    StatefulSetStatus conditions=type
    CronJob metadata>ObjectMeta spec>CronJobSpec
    CronJobSpec jobTemplate>JobTemplateSpec
    Job metadata>ObjectMeta spec>JobSpec status>JobStatus
    JobSpec template>PodTemplateSpec
    JobStatus conditions=type
    JobTemplateSpec metadata>ObjectMeta spec>JobSpec
    ComponentStatus conditions=type metadata>ObjectMeta
    Container env=name ports=containerPort,protocol volumeDevices=devicePath volumeMounts=mountPath
    EphemeralContainer env=name volumeDevices=devicePath volumeMounts=mountPath
    EphemeralVolumeSource volumeClaimTemplate>PersistentVolumeClaimTemplate
    Namespace metadata>ObjectMeta status>NamespaceStatus
    NamespaceStatus conditions=type
    Node metadata>ObjectMeta spec>NodeSpec status>NodeStatus
    NodeSpec podCIDRs=
    NodeStatus addresses=type conditions=type
    PersistentVolumeClaim metadata>ObjectMeta status>PersistentVolumeClaimStatus
    PersistentVolumeClaimStatus conditions=type
    Pod metadata>ObjectMeta spec>PodSpec status>PodStatus
    PodSpec containers=name>Container ephemeralContainers=name>EphemeralContainer hostAliases=ip \
      imagePullSecrets=name initContainers=name>Container topologySpreadConstraints=topologyKey,whenUnsatisfiable \
      volumes=name>Volume
    PodStatus conditions=type podIPs=ip
    PodTemplate metadata>ObjectMeta template>PodTemplateSpec
    PodTemplateSpec metadata>ObjectMeta spec>PodSpec
    ReplicationController metadata>ObjectMeta spec>ReplicationControllerSpec status>ReplicationControllerStatus
    ReplicationControllerSpec template>PodTemplateSpec
    ReplicationControllerStatus conditions=type
    Service metadata>ObjectMeta spec>ServiceSpec status>ServiceStatus
    ServiceAccount metadata>ObjectMeta secrets=name
    ServiceSpec ports=port,protocol
    ServiceStatus conditions=type
    Volume ephemeral>EphemeralVolumeSource
    PodDisruptionBudget metadata>ObjectMeta status>PodDisruptionBudgetStatus
    PodDisruptionBudgetStatus conditions=type
    CSINode metadata>ObjectMeta spec>CSINodeSpec
    CSINodeSpec drivers=name
    ObjectMeta finalizers= ownerReferences=uid
    APIService metadata>ObjectMeta status>APIServiceStatus
    APIServiceStatus conditions=type
    Object metadata>ObjectMeta
    """
}
