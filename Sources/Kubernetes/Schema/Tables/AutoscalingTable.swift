extension SchemaTable {
  /// Scaling.
  static let autoscaling = """
    @ io.k8s.api.autoscaling.v2 autoscaling/v2
    HorizontalPodAutoscaler kind | Sets the number of pods by what is measured.
    - spec HorizontalPodAutoscalerSpec #2 | What to scale, by what, and within which bounds.
    - status HorizontalPodAutoscalerStatus #3 | What was last measured and decided.
    HorizontalPodAutoscalerSpec | What to scale, by what, and within which bounds.
    - behavior HorizontalPodAutoscalerBehavior #5? | How fast, in either direction.
    - maxReplicas! int32 #3 | The most pods.
    - metrics [MetricSpec] #4 atomic | What to measure; the metric that asks for most pods decides. CPU at 80% by \
      default.
    - minReplicas int32 #2? | The fewest pods. 1 by default.
    - scaleTargetRef! CrossVersionObjectReference #1 | What to scale.
    CrossVersionObjectReference | An object of the same namespace.
    - apiVersion string #3 | Its API version.
    - kind! string #1 | Its kind.
    - name! string #2 | Its name.
    MetricSpec | Something to measure, with its target. One source, as type says.
    - containerResource ContainerResourceMetricSource #7? | CPU or memory of one container of each pod.
    - external ExternalMetricSource #5? | Something outside the cluster.
    - object ObjectMetricSource #2? | Something of one object.
    - pods PodsMetricSource #3? | Something of each pod, such as requests per second.
    - resource ResourceMetricSource #4? | CPU or memory of each pod.
    - type! string #1 | ContainerResource, External, Object, Pods or Resource.
    ResourceMetricSource | CPU or memory of each pod.
    - name! string #1 | cpu or memory.
    - target! MetricTarget #2 | What it should be.
    ContainerResourceMetricSource | CPU or memory of one container of each pod.
    - container! string #3 | The container.
    - name! string #1 | cpu or memory.
    - target! MetricTarget #2 | What it should be.
    PodsMetricSource | Something of each pod.
    - metric! MetricIdentifier #1 | What.
    - target! MetricTarget #2 | What it should be, on average.
    ObjectMetricSource | Something of one object.
    - describedObject! CrossVersionObjectReference #1 | The object.
    - metric! MetricIdentifier #3 | What.
    - target! MetricTarget #2 | What it should be.
    ExternalMetricSource | Something outside the cluster.
    - metric! MetricIdentifier #1 | What.
    - target! MetricTarget #2 | What it should be.
    MetricIdentifier | A metric's name.
    - name! string #1 | The name.
    - selector LabelSelector #2? | Which series of it.
    MetricTarget | What a metric should be. The field that type names.
    - averageUtilization int32 #4? | Percent of the pods' requests.
    - averageValue Quantity #3? | The average over all pods.
    - type! string #1 | Utilization, Value or AverageValue.
    - value Quantity #2? | The value itself.
    HorizontalPodAutoscalerBehavior | How fast to scale.
    - scaleDown HPAScalingRules #2? | Downwards: all pods may go, after 300 quiet seconds, by default.
    - scaleUp HPAScalingRules #1? | Upwards: the larger of 4 pods and double in 15 seconds, by default.
    HPAScalingRules | How fast to scale in one direction.
    - policies [HPAScalingPolicy] #2 atomic | Limits of the speed.
    - selectPolicy string #1? | Which of them holds: Max, Min, or Disabled for none. Max by default.
    - stabilizationWindowSeconds int32 #3? | Seconds over which earlier recommendations hold the number. 0 upwards, \
      300 downwards by default.
    HPAScalingPolicy | A limit of the speed.
    - periodSeconds! int32 #3 | In how many seconds; 1 to 1800.
    - type! string #1 | Pods or Percent.
    - value! int32 #2 | How many.
    HorizontalPodAutoscalerStatus | What was last measured and decided.
    - conditions [HorizontalPodAutoscalerCondition] #6 merge=type map=type | AbleToScale, ScalingActive, ScalingLimited.
    - currentMetrics [MetricStatus] #5 always atomic | What was measured.
    - currentReplicas int32 #3 | Pods there were.
    - desiredReplicas! int32 #4 | Pods that were wanted.
    - lastScaleTime Time #2? | When the number last changed.
    - observedGeneration int64 #1? | The generation that was seen.
    HorizontalPodAutoscalerCondition | One aspect of an autoscaler's state.
    - lastTransitionTime Time #3 | When it last changed.
    - message string #5 | For people.
    - reason string #4 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    MetricStatus | What was measured of one metric.
    - containerResource ContainerResourceMetricStatus #7? | CPU or memory of one container of each pod.
    - external ExternalMetricStatus #5? | Something outside the cluster.
    - object ObjectMetricStatus #2? | Something of one object.
    - pods PodsMetricStatus #3? | Something of each pod.
    - resource ResourceMetricStatus #4? | CPU or memory of each pod.
    - type! string #1 | Which of them.
    ResourceMetricStatus | CPU or memory of each pod.
    - current! MetricValueStatus #2 | As measured.
    - name! string #1 | cpu or memory.
    ContainerResourceMetricStatus | CPU or memory of one container of each pod.
    - container! string #3 | The container.
    - current! MetricValueStatus #2 | As measured.
    - name! string #1 | cpu or memory.
    PodsMetricStatus | Something of each pod.
    - current! MetricValueStatus #2 | As measured.
    - metric! MetricIdentifier #1 | What.
    ObjectMetricStatus | Something of one object.
    - current! MetricValueStatus #2 | As measured.
    - describedObject! CrossVersionObjectReference #3 | The object.
    - metric! MetricIdentifier #1 | What.
    ExternalMetricStatus | Something outside the cluster.
    - current! MetricValueStatus #2 | As measured.
    - metric! MetricIdentifier #1 | What.
    MetricValueStatus | A measured value.
    - averageUtilization int32 #3? | Percent of the pods' requests.
    - averageValue Quantity #2? | The average over all pods.
    - value Quantity #1? | The value itself.
    @ io.k8s.api.autoscaling.v1 autoscaling/v1
    Scale kind | The number of pods of something that can be scaled. Read and written at its scale subresource.
    - spec ScaleSpec #2 | The number wanted.
    - status ScaleStatus #3 | The number there is.
    ScaleSpec | The number wanted.
    - replicas int32 #1 | How many.
    ScaleStatus | The number there is.
    - replicas! int32 #1 | How many.
    - selector string #2 | Which pods are counted.
    HorizontalPodAutoscaler kind | Sets the number of pods by their CPU use; the older form of autoscaling/v2.
    - spec HorizontalPodAutoscalerSpec #2 | What is wanted.
    - status HorizontalPodAutoscalerStatus #3 | What was last seen.
    HorizontalPodAutoscalerSpec | What to scale, and within which bounds.
    - maxReplicas! int32 #3 | The most pods.
    - minReplicas int32 #2? | The fewest pods. 1 by default.
    - scaleTargetRef! CrossVersionObjectReference #1 | What to scale.
    - targetCPUUtilizationPercentage int32 #4? | Percent of the CPU requests that the pods should use on average.
    CrossVersionObjectReference atomic
    - apiVersion string #3
    - kind! string #1
    - name! string #2
    HorizontalPodAutoscalerStatus | What was last measured and decided.
    - currentCPUUtilizationPercentage int32 #5?
    - currentReplicas! int32 #3
    - desiredReplicas! int32 #4
    - lastScaleTime Time #2?
    - observedGeneration int64 #1?
    """
}
