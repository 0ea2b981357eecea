enum AutoscalingPlaceholder {}
