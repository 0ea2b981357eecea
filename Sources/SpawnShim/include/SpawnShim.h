#ifndef SAKIGAKE_SPAWN_SHIM_H
#define SAKIGAKE_SPAWN_SHIM_H

#include <sys/types.h>

/// What to run, and with which descriptors. All pointers belong to the caller and are only read.
typedef struct {
  const char *path;         ///< Absolute path of the program.
  char *const *argv;        ///< NULL-terminated, argv[0] included.
  char *const *envp;        ///< NULL-terminated; nothing is inherited.
  const char *cwd;          ///< Working directory, or NULL for the caller's.
  int stdin_fd;             ///< -1 for /dev/null.
  int stdout_fd;            ///< -1 for /dev/null.
  int stderr_fd;            ///< -1 for /dev/null.
  int register_fd;          ///< Where the child writes "+<pid>\n" before it execs, or -1.
  int has_terminal;         ///< Not 0: stdin_fd is a terminal, which becomes the new session's controlling one.
  int dies_with_parent;     ///< Not 0: SIGKILL when the forking thread ends (Linux only).
} sakigake_spawn_request;

/// The step that failed.
enum {
  SAKIGAKE_SPAWN_OK = 0,
  SAKIGAKE_SPAWN_PREPARE = 1,   ///< pipe, dup or fork
  SAKIGAKE_SPAWN_DIRECTORY = 2, ///< chdir
  SAKIGAKE_SPAWN_EXEC = 3       ///< execve
};

/// Forks and execs in a new session. Returns SAKIGAKE_SPAWN_OK and the pid once the program runs,
/// or the step that failed and its errno; then *pid is the reaped child, or 0 where there was none.
int sakigake_spawn(const sakigake_spawn_request *request, pid_t *pid, int *error);

/// pidfd_open(2), or -1 where the system has none.
int sakigake_pidfd_open(pid_t pid);

/// Waits without reaping until the child has ended. Returns 0, or errno.
int sakigake_wait_ended(pid_t pid, int block, int *ended);

/// A pipe whose two ends are closed on exec; returns 0, or errno.
int sakigake_pipe(int fds[2]);

/// A new pseudo-terminal: fds[0] is the side of whoever works it, fds[1] the program's; both are closed on exec.
/// Returns 0, or errno.
int sakigake_terminal_open(int fds[2], unsigned short columns, unsigned short rows);

/// Tells a terminal, and with it the programs on it, its size. Returns 0, or errno.
int sakigake_terminal_resize(int fd, unsigned short columns, unsigned short rows);

int sakigake_status_exited(int status);
int sakigake_status_code(int status);
int sakigake_status_signal(int status);

#endif
