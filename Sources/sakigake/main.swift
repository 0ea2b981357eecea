import SakigakeCommands

await Sakigake.start()
