/// The fields that transformers change where a kustomization says nothing else, as data that can be read at a glance
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0/api/internal/konfig/builtinpluginconsts).
///
/// One field a line: the path, and which kinds have it. A kind is `Kind`, `group:Kind` or `group/version:Kind`, with
/// `/v1:Kind` for a version without a group; several are separated by commas, none means every kind. A `+` before the
/// path says that the field is made where it is missing.
enum FieldTables {
  static let namePrefix = "metadata/name"
  static let nameSuffix = "metadata/name"

  static let commonAnnotations = """
    +metadata/annotations
    +spec/template/metadata/annotations /v1:ReplicationController,Deployment,ReplicaSet,DaemonSet,StatefulSet,batch:Job
    +spec/jobTemplate/metadata/annotations batch:CronJob
    +spec/jobTemplate/spec/template/metadata/annotations batch:CronJob
    """

  static let templateLabels = """
    +metadata/labels
    +spec/template/metadata/labels /v1:ReplicationController,Deployment,ReplicaSet,DaemonSet,apps:StatefulSet,batch:Job
    +spec/volumeClaimTemplates[]/metadata/labels apps:StatefulSet
    +spec/jobTemplate/metadata/labels batch:CronJob
    +spec/jobTemplate/spec/template/metadata/labels batch:CronJob
    """

  static let commonLabels =
    """
    +spec/selector /v1:Service,/v1:ReplicationController
    +spec/selector/matchLabels Deployment,ReplicaSet,DaemonSet,apps:StatefulSet
    spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector\
    /matchLabels apps:Deployment,apps:StatefulSet
    spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels \
    apps:Deployment,apps:StatefulSet
    spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm\
    /labelSelector/matchLabels apps:Deployment,apps:StatefulSet
    spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels \
    apps:Deployment,apps:StatefulSet
    spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels apps:Deployment,apps:StatefulSet
    spec/selector/matchLabels batch:Job,policy:PodDisruptionBudget
    spec/jobTemplate/spec/selector/matchLabels batch:CronJob
    spec/podSelector/matchLabels networking.k8s.io:NetworkPolicy
    spec/ingress/from/podSelector/matchLabels networking.k8s.io:NetworkPolicy
    spec/egress/to/podSelector/matchLabels networking.k8s.io:NetworkPolicy

    """ + templateLabels

  static let namespace = """
    +metadata/name Namespace
    +spec/service/namespace apiregistration.k8s.io:APIService
    spec/conversion/webhook/clientConfig/service/namespace apiextensions.k8s.io:CustomResourceDefinition
    """

  static let images = """
    +spec/containers[]/image
    +spec/initContainers[]/image
    +spec/template/spec/containers[]/image
    +spec/template/spec/initContainers[]/image
    """

  static let replicas = "+spec/replicas Deployment,ReplicationController,ReplicaSet,StatefulSet"

  /// `PODS/` stands for the way to a pod's spec in each kind that holds one, and `nfs` for where it has been looked
  /// for.
  static let varReference = """
    PODS/containers/args
    PODS/containers/command
    PODS/containers/env/value
    PODS/containers/volumeMounts/mountPath
    PODS/initContainers/args
    PODS/initContainers/command
    PODS/initContainers/env/value
    PODS/initContainers/volumeMounts/mountPath
    spec/jobTemplate/spec/template/volumes/nfs/server CronJob
    spec/template/spec/volumes/nfs/server DaemonSet,Deployment,Job,ReplicaSet
    spec/volumes/nfs/server Pod
    spec/volumeClaimTemplates/spec/nfs/server StatefulSet
    spec/template/metadata/annotations Deployment
    spec/rules/host Ingress
    spec/tls/hosts Ingress
    spec/tls/secretName Ingress
    spec/ports/port Service
    spec/ports/targetPort Service
    spec/nfs/server PersistentVolume
    metadata/labels
    metadata/annotations
    """

  /// A line that ends with a colon names what is referred to; the fields that refer to it follow.
  static let nameReference = """
    Deployment:
    spec/scaleTargetRef/name HorizontalPodAutoscaler
    ReplicationController:
    spec/scaleTargetRef/name HorizontalPodAutoscaler
    ReplicaSet:
    spec/scaleTargetRef/name HorizontalPodAutoscaler
    StatefulSet:
    spec/scaleTargetRef/name HorizontalPodAutoscaler
    /v1:ConfigMap:
    CONFIGS/volumes/configMap/name
    CONFIGS/containers/env/valueFrom/configMapKeyRef/name
    CONFIGS/initContainers/env/valueFrom/configMapKeyRef/name
    CONFIGS/containers/envFrom/configMapRef/name
    CONFIGS/initContainers/envFrom/configMapRef/name
    CONFIGS/volumes/projected/sources/configMap/name
    spec/configSource/configMap Node
    rules/resourceNames Role,ClusterRole
    metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap Ingress
    /v1:Secret:
    CONFIGS/volumes/secret/secretName
    CONFIGS/containers/env/valueFrom/secretKeyRef/name
    CONFIGS/initContainers/env/valueFrom/secretKeyRef/name
    CONFIGS/containers/envFrom/secretRef/name
    CONFIGS/initContainers/envFrom/secretRef/name
    CONFIGS/imagePullSecrets/name
    CONFIGS/volumes/projected/sources/secret/name
    spec/tls/secretName Ingress
    metadata/annotations/ingress.kubernetes.io\\/auth-secret Ingress
    metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret Ingress
    metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret Ingress
    imagePullSecrets/name ServiceAccount
    parameters/secretName StorageClass
    parameters/adminSecretName StorageClass
    parameters/userSecretName StorageClass
    parameters/secretRef StorageClass
    rules/resourceNames Role,ClusterRole
    spec/template/spec/containers/env/valueFrom/secretKeyRef/name serving.knative.dev/v1:Service
    spec/azureFile/secretName PersistentVolume
    /v1:Service:
    spec/serviceName apps:StatefulSet
    spec/rules/http/paths/backend/serviceName Ingress
    spec/backend/serviceName Ingress
    spec/rules/http/paths/backend/service/name Ingress
    spec/defaultBackend/service/name Ingress
    spec/service/name apiregistration.k8s.io:APIService
    webhooks/clientConfig/service admissionregistration.k8s.io:ValidatingWebhookConfiguration
    webhooks/clientConfig/service admissionregistration.k8s.io:MutatingWebhookConfiguration
    rbac.authorization.k8s.io:Role:
    roleRef/name rbac.authorization.k8s.io:RoleBinding
    rbac.authorization.k8s.io:ClusterRole:
    roleRef/name rbac.authorization.k8s.io:RoleBinding,rbac.authorization.k8s.io:ClusterRoleBinding
    /v1:ServiceAccount:
    subjects rbac.authorization.k8s.io:RoleBinding,rbac.authorization.k8s.io:ClusterRoleBinding
    RUNNING/serviceAccountName
    /v1:PersistentVolumeClaim:
    RUNNING/volumes/persistentVolumeClaim/claimName
    /v1:PersistentVolume:
    spec/volumeName PersistentVolumeClaim
    rules/resourceNames ClusterRole
    storage.k8s.io/v1:StorageClass:
    spec/storageClassName PersistentVolume,PersistentVolumeClaim
    spec/volumeClaimTemplates/spec/storageClassName StatefulSet
    scheduling.k8s.io/v1:PriorityClass:
    RUNNING/priorityClassName
    networking.k8s.io%v1/v1:IngressClass:
    spec/ingressClassName Ingress
    admissionregistration.k8s.io:ValidatingAdmissionPolicy:
    spec/policyName admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding
    """

  /// What the words in capitals stand for: the ways to a pod's spec, and the kinds that have them.
  static let shorthands: [String: [(path: String, kinds: String)]] = [
    "PODS": [
      ("spec/jobTemplate/spec/template/spec", "CronJob"), ("spec/template/spec", "DaemonSet"),
      ("spec/template/spec", "Deployment"), ("spec/template/spec", "Job"), ("spec", "Pod"),
      ("spec/template/spec", "ReplicaSet"), ("spec/template/spec", "StatefulSet"),
    ],
    "CONFIGS": [
      ("spec", "/v1:Pod"), ("template/spec", "PodTemplate"), ("spec/template/spec", "Deployment"),
      ("spec/template/spec", "ReplicaSet"), ("spec/template/spec", "DaemonSet"), ("spec/template/spec", "StatefulSet"),
      ("spec/template/spec", "Job"), ("spec/jobTemplate/spec/template/spec", "CronJob"),
    ],
    "RUNNING": [
      ("spec", "Pod"), ("spec/template/spec", "StatefulSet"), ("spec/template/spec", "Deployment"),
      ("spec/template/spec", "ReplicationController"), ("spec/jobTemplate/spec/template/spec", "CronJob"),
      ("spec/template/spec", "Job"), ("spec/template/spec", "DaemonSet"),
    ],
  ]
}
