extension SchemaTable {
  /// Who may do what, and who asks.
  static let access = """
    @ io.k8s.api.authorization.v1 authorization.k8s.io/v1
    SelfSubjectAccessReview kind | Asks whether the caller may do something.
    - spec! SelfSubjectAccessReviewSpec #2 | What.
    - status SubjectAccessReviewStatus #3 | The answer.
    SelfSubjectAccessReviewSpec | What the caller wants to do.
    - nonResourceAttributes NonResourceAttributes #2? | To a path.
    - resourceAttributes ResourceAttributes #1? | To a resource.
    NonResourceAttributes | A path, and what to do to it.
    - path string #1 | The path.
    - verb string #2 | What to do.
    ResourceAttributes | A resource, and what to do to it.
    - fieldSelector FieldSelectorAttributes #8? | Which objects, by fields.
    - group string #3 | The group of the resource.
    - labelSelector LabelSelectorAttributes #9? | Which objects, by labels.
    - name string #7 | The object; all where empty.
    - namespace string #1 | The namespace; all where empty.
    - resource string #5 | The resource.
    - subresource string #6 | The subresource.
    - verb string #2 | What to do.
    - version string #4 | The version of the resource.
    SubjectAccessReviewStatus | Whether it is allowed.
    - allowed! bool #1 | Whether.
    - denied bool #4 | Whether it is refused outright.
    - evaluationError string #3 | What went wrong in finding out.
    - reason string #2 | Why.
    SelfSubjectRulesReview kind | Asks what the caller may do in a namespace.
    - spec! SelfSubjectRulesReviewSpec #2 | Where.
    - status SubjectRulesReviewStatus #3 | The answer: rules for resources and for paths.
    SelfSubjectRulesReviewSpec | Where the caller wants to do things.
    - namespace string #1 | The namespace.
    SubjectAccessReview kind | Asks whether a user may do something. Answered at once, and not stored.
    - spec! SubjectAccessReviewSpec #2 | What is wanted.
    - status SubjectAccessReviewStatus #3 | What was last seen.
    SubjectAccessReviewSpec | Who wants to do what.
    - extra {[string]} #5 | What else the authenticator knows of the user.
    - groups [string] #4 atomic | Groups that the user is in.
    - nonResourceAttributes NonResourceAttributes #2? | A path outside the resources.
    - resourceAttributes ResourceAttributes #1? | A verb on a resource.
    - uid string #6 | The user's UID.
    - user string #3 | The user's name.
    LocalSubjectAccessReview kind | Asks whether a user may do something in a namespace. Answered at once, and not \
      stored.
    - spec! SubjectAccessReviewSpec #2 | What is wanted.
    - status SubjectAccessReviewStatus #3 | What was last seen.
    FieldSelectorAttributes | Restricts the question to a field selector.
    - rawSelector string #1
    - requirements [FieldSelectorRequirement] #2 atomic
    LabelSelectorAttributes | Restricts the question to a label selector.
    - rawSelector string #1
    - requirements [LabelSelectorRequirement] #2 atomic
    SubjectRulesReviewStatus | What a user may do in a namespace.
    - evaluationError string #4
    - incomplete! bool #3 | Whether there may be more.
    - nonResourceRules! [NonResourceRule] #2 atomic | Paths outside the resources.
    - resourceRules! [ResourceRule] #1 atomic | Verbs on resources.
    ResourceRule | Verbs on resources.
    - apiGroups [string] #2 atomic
    - resourceNames [string] #4 atomic
    - resources [string] #3 atomic
    - verbs! [string] #1 atomic
    NonResourceRule | Verbs on paths.
    - nonResourceURLs [string] #2 atomic
    - verbs! [string] #1 atomic
    @ io.k8s.api.authentication.v1 authentication.k8s.io/v1
    SelfSubjectReview kind | Asks who the caller is.
    - status SelfSubjectReviewStatus #2 | The answer: name and groups.
    TokenReview kind | Asks whose token this is. Answered at once, and not stored.
    - spec! TokenReviewSpec #2 | What is wanted.
    - status TokenReviewStatus #3 | What was last seen.
    TokenReviewSpec | The token.
    - audiences [string] #2 atomic | Whom the token must be meant for.
    - token string #1 | The token itself.
    TokenReviewStatus | Whose token it is.
    - audiences [string] #4 atomic | Those of the asked audiences that the token is meant for.
    - authenticated bool #1 | Whether the token is good.
    - error string #3 | Why it could not be checked.
    - user UserInfo #2 | Whose it is.
    UserInfo | Who somebody is.
    - extra {[string]} #4
    - groups [string] #3 atomic
    - uid string #2
    - username string #1
    TokenRequest kind | Asks for a token of a service account.
    - spec! TokenRequestSpec #2 | What is wanted.
    - status TokenRequestStatus #3 | What was last seen.
    TokenRequestSpec | What the token is to be like.
    - audiences! [string] #1 atomic | Whom it is meant for.
    - boundObjectRef BoundObjectReference #3? always | The object that it is to end with.
    - expirationSeconds int64 #4? always | How long it is to be good; an hour by default.
    BoundObjectReference | The object that a token ends with.
    - apiVersion string #2
    - kind string #1
    - name string #3
    - uid string #4
    TokenRequestStatus | The token.
    - expirationTimestamp! Time #2 | Until when it is good.
    - token! string #1 | The token itself.
    SelfSubjectReviewStatus | Who asked.
    - userInfo UserInfo #1
    @ io.k8s.api.rbac.v1 rbac.authorization.k8s.io/v1
    Role kind | What may be done in a namespace.
    - rules [PolicyRule] #2 always atomic | Each allows something.
    PolicyRule | Verbs on resources or paths.
    - apiGroups [string] #2 atomic | Groups of the resources; the core group is the empty name, * is all.
    - nonResourceURLs [string] #5 atomic | Paths outside the resources; only in cluster roles.
    - resourceNames [string] #4 atomic | Only objects of these names; all where empty.
    - resources [string] #3 atomic | Such as pods or pods/log; * is all.
    - verbs! [string] #1 atomic | get, list, watch, create, update, patch, delete, deletecollection; * is all.
    RoleBinding kind | Gives a role to somebody in a namespace.
    - roleRef! RoleRef #3 | The role. Cannot be changed.
    - subjects [Subject] #2 atomic | Who gets it.
    Subject atomic | A user, a group or a service account.
    - apiGroup string #2 | rbac.authorization.k8s.io for users and groups, empty for service accounts.
    - kind! string #1 | User, Group or ServiceAccount.
    - name! string #3 | The name.
    - namespace string #4 | The service account's namespace.
    RoleRef atomic | A Role or ClusterRole.
    - apiGroup! string #1
    - kind! string #2
    - name! string #3
    ClusterRole kind | What may be done in the cluster, or in each namespace where it is bound.
    - aggregationRule AggregationRule #3? | Takes the rules of other roles together.
    - rules [PolicyRule] #2 always atomic | Each allows something.
    AggregationRule | Takes the rules of other roles together.
    - clusterRoleSelectors [LabelSelector] #1 atomic | Which roles.
    ClusterRoleBinding kind | Gives a cluster role to somebody in the whole cluster.
    - roleRef! RoleRef #3 | The role. Cannot be changed.
    - subjects [Subject] #2 atomic | Who gets it.
    """
}
