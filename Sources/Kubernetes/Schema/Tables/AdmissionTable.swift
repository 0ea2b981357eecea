extension SchemaTable {
  /// Services that are asked before objects are stored.
  static let admission = """
    @ io.k8s.api.admissionregistration.v1 admissionregistration.k8s.io/v1
    ValidatingWebhookConfiguration kind | Services that are asked whether objects may be stored.
    - webhooks [ValidatingWebhook] #2 merge=name map=name | The services.
    ValidatingWebhook | A service that is asked.
    - admissionReviewVersions! [string] #8 atomic | Versions of AdmissionReview that it understands, the best first.
    - clientConfig! WebhookClientConfig #2 | Where it is.
    - failurePolicy string #4? (Fail,Ignore) | What a failure of the service means: Fail refuses the request, Ignore \
      lets it through.
    - matchConditions [MatchCondition] #11 merge=name map=name | CEL conditions; only requests that meet them all are \
      asked about.
    - matchPolicy string #9? (Equivalent,Exact) | Whether requests for other versions of the same objects count, too.
    - name! string #1 | The name, such as check.example.com.
    - namespaceSelector LabelSelector #5? | Only objects of these namespaces.
    - objectSelector LabelSelector #10? | Only objects with these labels.
    - rules [RuleWithOperations] #3 atomic | Which requests.
    - sideEffects! string #6? (None,NoneOnDryRun,Some,Unknown) | Whether asking changes anything: None or NoneOnDryRun.
    - timeoutSeconds int32 #7? | Seconds until asking counts as failed. 10 by default.
    WebhookClientConfig | Where the service is. One of service and url.
    - caBundle bytes #2 | The certificates that its own must go back to, as PEM.
    - service ServiceReference #1? | A service of the cluster.
    - url string #3? | An https address.
    ServiceReference | A service of the cluster.
    - name! string #2
    - namespace! string #1
    - path string #3?
    - port int32 #4?
    RuleWithOperations | Operations on resources.
    - apiGroups [string] #2.1 atomic
    - apiVersions [string] #2.2 atomic
    - operations [string] #1 atomic
    - resources [string] #2.3 atomic
    - scope string #2.4? (*,Cluster,Namespaced)
    MatchCondition | A CEL condition.
    - expression! string #2
    - name! string #1
    MutatingWebhookConfiguration kind | Services that may change objects before they are stored.
    - webhooks [MutatingWebhook] #2 merge=name map=name | The services.
    MutatingWebhook | A service that is asked, and may change the object.
    - admissionReviewVersions! [string] #8 atomic | Versions of AdmissionReview that it understands, the best first.
    - clientConfig! WebhookClientConfig #2 | Where it is.
    - failurePolicy string #4? (Fail,Ignore) | What a failure of the service means: Fail refuses the request, Ignore \
      lets it through.
    - matchConditions [MatchCondition] #12 merge=name map=name
    - matchPolicy string #9? (Equivalent,Exact)
    - name! string #1 | The name, such as fill.example.com.
    - namespaceSelector LabelSelector #5?
    - objectSelector LabelSelector #11?
    - reinvocationPolicy string #10? (IfNeeded,Never) | Whether it is asked again when another service changed the \
      object after it: Never or IfNeeded.
    - rules [RuleWithOperations] #3 atomic | Which requests.
    - sideEffects! string #6? (None,NoneOnDryRun,Some,Unknown) | Whether asking changes anything: None or NoneOnDryRun.
    - timeoutSeconds int32 #7? | Seconds until asking counts as failed. 10 by default.
    """
}
