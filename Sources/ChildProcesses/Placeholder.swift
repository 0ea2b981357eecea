enum ChildProcessesPlaceholder {}
