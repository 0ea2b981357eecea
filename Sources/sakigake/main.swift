import SakigakeCommands

if !Sakigake.startQuickly() { await Sakigake.start() }
