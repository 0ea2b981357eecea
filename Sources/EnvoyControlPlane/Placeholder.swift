enum EnvoyControlPlanePlaceholder {}
