extension SchemaTable {
  /// What every kind has in common. The notation is explained at `SchemaTable`.
  static let meta = """
    @ io.k8s.apimachinery.pkg.apis.meta.v1
    ObjectMeta | What the server keeps of every object, beside what the kind itself says.
    - annotations {string} #12 | Free texts for tools and people; nothing is selected by them.
    - creationTimestamp Time #8 | When the object was created. Set by the server.
    - deletionGracePeriodSeconds int64 #10? | Seconds that the object has for an orderly end, once it is being deleted.
    - deletionTimestamp Time #9? | When the object is to be gone. Set by the server when a deletion is asked for.
    - finalizers [string] #14 strategy=merge set | Who must finish something before the object may go.
    - generateName string #2 | A prefix from which the server makes a name, where no name is given.
    - generation int64 #7 | Grows by one with every change of the desired state.
    - labels {string} #11 | Keys and values by which objects are selected.
    - managedFields [ManagedFieldsEntry] #17 atomic | Which manager set which fields, for server-side apply.
    - name string #1 | Unique within the kind and namespace. Cannot be changed.
    - namespace string #3 | The namespace that the object lives in. Cannot be changed.
    - ownerReferences [OwnerReference] #13 merge=uid map=uid | Objects that this one belongs to; it goes when they \
      are all gone.
    - resourceVersion string #6 | An opaque mark of the stored state; an update that carries an old one is refused.
    - selfLink string #4 | No longer filled in.
    - uid string #5 | Unique over all time. Set by the server.
    ListMeta | What the server tells of a list.
    - continue string #3 | A token with which to ask for the rest of the list.
    - remainingItemCount int64 #4? | How many more objects the rest has.
    - resourceVersion string #2 | The state at which the list was taken; a watch can start from it.
    - selfLink string #1 | No longer filled in.
    OwnerReference atomic | An object that another one belongs to.
    - apiVersion! string #5 | The API version of the owner.
    - blockOwnerDeletion bool #7? | Whether a foreground deletion of the owner waits for this object.
    - controller bool #6? | Whether the owner manages this object.
    - kind! string #1 | The kind of the owner.
    - name! string #3 | The name of the owner.
    - uid! string #4 | The UID of the owner.
    ManagedFieldsEntry | The fields that one manager has set.
    - apiVersion string #3 | The version in whose terms the fields are written.
    - fieldsType string #6 | How the fields are written: FieldsV1.
    - fieldsV1 FieldsV1 #7? | The fields themselves, as a set of paths.
    - manager string #1 | Who set them.
    - operation string #2 | Apply or Update.
    - subresource string #8 | The subresource through which they were set.
    - time Time #4? | When they were last set.
    FieldsV1 = fieldSet | A set of field paths: `f:` a field, `k:` the key of a list's element, `v:` a value, `.` the \
      thing itself.
    LabelSelector atomic | Which objects are meant, by their labels. All conditions must hold; an empty selector \
      means all.
    - matchExpressions [LabelSelectorRequirement] #2 atomic | Conditions on single labels.
    - matchLabels {string} #1 | Labels with their exact values.
    LabelSelectorRequirement | One condition on one label.
    - key! string #1 | The label's key.
    - operator! string #2 | In, NotIn, Exists or DoesNotExist.
    - values [string] #3 atomic | The values that In and NotIn compare with.
    Condition | One aspect of an object's state, as last observed.
    - lastTransitionTime! Time #4 | When the status last changed.
    - message! string #6 | For people: what that means.
    - observedGeneration int64 #3 | The generation that the observation was made of.
    - reason! string #5 | For programs: why, in one word.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    Status | The result of a request that has no object to return.
    - apiVersion string | Always v1.
    - code int32 #6 | The HTTP status.
    - details StatusDetails #5? atomic | More about the failure.
    - kind string | Always Status.
    - message string #3 | For people: what happened.
    - metadata ListMeta #1 | Empty.
    - reason string #4 | For programs: why, in one word.
    - status string #2 | Success or Failure.
    StatusDetails | What a failed request was about.
    - causes [StatusCause] #4 atomic | Each thing that was wrong.
    - group string #2 | The group of the object.
    - kind string #3 | The kind of the object.
    - name string #1 | The name of the object.
    - retryAfterSeconds int32 #5 | Seconds after which to try again.
    - uid string #6 | The UID of the object.
    StatusCause | One thing that was wrong.
    - field string #3 | The field, as a path.
    - message string #2 | For people: what was wrong with it.
    - reason string #1 | For programs: the kind of mistake.
    DeleteOptions | How to delete.
    - apiVersion string | The version of these options.
    - dryRun [string] #5 atomic | `All`: try it, and store nothing.
    - gracePeriodSeconds int64 #1? | Seconds for an orderly end; 0 is at once.
    - ignoreStoreReadErrorWithClusterBreakingPotential bool #6? | Delete even what can no longer be read.
    - kind string | DeleteOptions.
    - orphanDependents bool #3? | The older form of propagationPolicy.
    - preconditions Preconditions #2? | What must hold, or nothing is deleted.
    - propagationPolicy string #4? | What becomes of dependents: Orphan, Background or Foreground.
    Preconditions | What must hold of an object for a request to be carried out.
    - resourceVersion string #2? | The object is still at this version.
    - uid string #1? | The object has this UID.
    CreateOptions | How to create.
    - apiVersion string
    - dryRun [string] #1 atomic
    - fieldManager string #3
    - fieldValidation string #4
    - kind string
    UpdateOptions | How to replace.
    - apiVersion string
    - dryRun [string] #1 atomic
    - fieldManager string #2
    - fieldValidation string #3
    - kind string
    PatchOptions | How to patch.
    - apiVersion string
    - dryRun [string] #1 atomic
    - fieldManager string #3
    - fieldValidation string #4
    - force bool #2?
    - kind string
    FieldSelectorRequirement
    - key! string #1
    - operator! string #2
    - values [string] #3 atomic
    Patch | A change to an object, in the form that the content type says.
    Time = time | A moment, as RFC 3339 writes it.
    MicroTime = microTime | A moment with microseconds, as RFC 3339 writes it.
    @ io.k8s.apimachinery.pkg.api.resource
    Quantity = quantity | An amount such as 250m, 1.5 or 256Mi.
    @ io.k8s.apimachinery.pkg.util.intstr
    IntOrString = intOrString | A number, or a text such as a port's name or a percentage.
    @ io.k8s.apimachinery.pkg.runtime
    RawExtension = json | Any JSON.
    """
}
