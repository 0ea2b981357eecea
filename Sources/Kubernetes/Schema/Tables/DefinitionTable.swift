extension SchemaTable {
  /// Definitions of custom resources.
  static let definitions = """
    @ io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1 apiextensions.k8s.io/v1
    CustomResourceDefinition kind | A kind that the API does not have of its own.
    - spec! CustomResourceDefinitionSpec #2 | What the kind is like.
    - status CustomResourceDefinitionStatus #3 | Whether it is served.
    CustomResourceDefinitionSpec | What a kind is like.
    - conversion CustomResourceConversion #9? | How objects go from one version to another.
    - group! string #1 | The API group.
    - names! CustomResourceDefinitionNames #3 | What the kind is called.
    - preserveUnknownFields bool #10 | Must be false; schemas say it field by field.
    - scope! string #4 | Namespaced or Cluster.
    - versions! [CustomResourceDefinitionVersion] #7 atomic | The versions, exactly one of them stored.
    CustomResourceConversion | How objects go from one version to another.
    - strategy! string #1 | None: only apiVersion changes. Webhook: a service does it.
    - webhook WebhookConversion #2? | That service.
    CustomResourceDefinitionNames | What a kind is called.
    - categories [string] #6 atomic | Groups of kinds such as all.
    - kind! string #4 | In manifests, such as PushCampaign.
    - listKind string #5 | Of lists; the kind with List by default.
    - plural! string #1 | In paths, such as pushcampaigns.
    - shortNames [string] #3 atomic | Short forms for kubectl.
    - singular string #2 | The kind in lower case by default.
    CustomResourceDefinitionVersion | One version of a kind.
    - additionalPrinterColumns [CustomResourceColumnDefinition] #6 atomic | What kubectl shows.
    - deprecated bool #7 | Whether its use is warned of.
    - deprecationWarning string #8? | That warning.
    - name! string #1 | Such as v1.
    - schema CustomResourceValidation #4? | What its objects are like.
    - selectableFields [SelectableField] #9 atomic | Fields that field selectors may name.
    - served! bool #2 | Whether it is served.
    - storage! bool #3 | Whether objects are stored in it.
    - subresources CustomResourceSubresources #5? | Whether it has status and scale.
    CustomResourceColumnDefinition | A column of kubectl's table.
    - description string #4 | What it shows.
    - format string #3 | The value's format.
    - jsonPath! string #6 | Where the value is.
    - name! string #1 | Its heading.
    - priority int32 #5 | 0 is always shown, 1 only with -o wide.
    - type! string #2 | string, integer, number, boolean or date.
    CustomResourceValidation | What objects are like.
    - openAPIV3Schema JSONSchemaProps #1? | The schema.
    SelectableField | A field that selectors may name.
    - jsonPath! string #1 | The field.
    CustomResourceSubresources | What a kind has below its objects.
    - scale CustomResourceSubresourceScale #2? | The number of pods.
    - status any #1? | The state, written apart from the spec.
    CustomResourceSubresourceScale | Where the numbers are.
    - labelSelectorPath string #3? | The selector, as text.
    - specReplicasPath! string #1 | The number wanted.
    - statusReplicasPath! string #2 | The number there is.
    CustomResourceDefinitionStatus | Whether a kind is served.
    - acceptedNames CustomResourceDefinitionNames #2 always | The names that it has.
    - conditions [CustomResourceDefinitionCondition] #1 always map=type | Established, NamesAccepted and the like.
    - storedVersions [string] #3 always atomic | Versions in which objects were ever stored.
    CustomResourceDefinitionCondition | One aspect of a definition's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    JSONSchemaProps | What a value is like.
    - $ref string #3? | Not allowed here.
    - $schema string #2 | The dialect.
    - additionalItems JSONSchemaPropsOrBool #33? | Of elements beyond the listed ones.
    - additionalProperties JSONSchemaPropsOrBool #30? | Of members that are not listed: a schema, or true or false.
    - allOf [JSONSchemaProps] #25 atomic | All of these must hold.
    - anyOf [JSONSchemaProps] #27 atomic | One of these must hold.
    - default JSON #8? | The value where none is given.
    - definitions {JSONSchemaProps} #34 | Named schemas.
    - dependencies {JSONSchemaPropsOrStringArray} #32 | What one member needs.
    - description string #4 | For people.
    - enum [JSON] #20 atomic | The only values.
    - example JSON #36? | An example.
    - exclusiveMaximum bool #10 | Whether the maximum itself is too much.
    - exclusiveMinimum bool #12 | Whether the minimum itself is too little.
    - externalDocs ExternalDocumentation #35? | Where more is written.
    - format string #6 | Such as date-time.
    - id string #1 | Its name.
    - items JSONSchemaPropsOrArray #24? | Of each element.
    - maxItems int64 #16? | At most so many elements.
    - maxLength int64 #13? | At most so many characters.
    - maxProperties int64 #21? | At most so many members.
    - maximum number #9? | At most so much.
    - minItems int64 #17? | At least so many elements.
    - minLength int64 #14? | At least so many characters.
    - minProperties int64 #22? | At least so many members.
    - minimum number #11? | At least so much.
    - multipleOf number #19? | A multiple of this.
    - not JSONSchemaProps #28? | This must not hold.
    - nullable bool #37 | Whether null is a value.
    - oneOf [JSONSchemaProps] #26 atomic | Exactly one of these must hold.
    - pattern string #15 | A regular expression that the text must match.
    - patternProperties {JSONSchemaProps} #31 | Of members by their names' pattern.
    - properties {JSONSchemaProps} #29 | Of each member.
    - required [string] #23 atomic | Members that must be there.
    - title string #7 | A heading.
    - type string #5 | object, array, string, integer, number or boolean.
    - uniqueItems bool #18 | Whether no two elements are equal.
    - x-kubernetes-embedded-resource bool #39 | Whether it is an object with apiVersion, kind and metadata.
    - x-kubernetes-int-or-string bool #40 | Whether it is a number or a text.
    - x-kubernetes-list-map-keys [string] #41 atomic | Members by which elements are told apart.
    - x-kubernetes-list-type string #42? | atomic, set or map.
    - x-kubernetes-map-type string #43? | granular or atomic.
    - x-kubernetes-preserve-unknown-fields bool #38? | Whether members that are not listed are kept.
    - x-kubernetes-validations [ValidationRule] #44 merge=rule map=rule | Rules in CEL.
    ValidationRule | A rule in CEL.
    - fieldPath string #5 | The field that a failure is about.
    - message string #2 | What a failure says.
    - messageExpression string #3 | The same, computed.
    - optionalOldSelf bool #6? | Whether the rule also holds at creation.
    - reason string #4? (FieldValueDuplicate,FieldValueForbidden,FieldValueInvalid,FieldValueRequired) | The reason \
      that a failure gives.
    - rule! string #1 | The rule.
    WebhookConversion | The service that converts.
    - clientConfig WebhookClientConfig #2?
    - conversionReviewVersions! [string] #3 atomic
    WebhookClientConfig | Where the service is. One of service and url.
    - caBundle bytes #2
    - service ServiceReference #1?
    - url string #3?
    ServiceReference | A service of the cluster.
    - name! string #2
    - namespace! string #1
    - path string #3?
    - port int32 #4?
    JSON = json | Any JSON.
    JSONSchemaPropsOrArray = schemaOrSchemas | A schema, or several.
    JSONSchemaPropsOrBool = schemaOrBool | A schema, or true or false.
    JSONSchemaPropsOrStringArray = schemaOrTexts | A schema, or names.
    ExternalDocumentation | Where more is written.
    - description string #1
    - url string #2
    """
}
