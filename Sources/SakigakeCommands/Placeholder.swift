enum SakigakeCommandsPlaceholder {}
