// fork and exec in C, because between the two of them nothing but async-signal-safe calls may run:
// another thread of the parent may hold the allocator's lock, or any lock of the Swift runtime.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "SpawnShim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

extern char **environ;

struct failure {
  int step;
  int error;
};

int sakigake_pipe(int fds[2]) {
#if defined(__linux__)
  return pipe2(fds, O_CLOEXEC) == 0 ? 0 : errno;
#else
  if (pipe(fds) != 0) return errno;
  fcntl(fds[0], F_SETFD, FD_CLOEXEC);
  fcntl(fds[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

int sakigake_terminal_resize(int fd, unsigned short columns, unsigned short rows) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(fd, TIOCSWINSZ, &size) == 0 ? 0 : errno;
}

int sakigake_terminal_open(int fds[2], unsigned short columns, unsigned short rows) {
  fds[0] = posix_openpt(O_RDWR | O_NOCTTY);
  fds[1] = -1;
  const char *name = NULL;
  if (fds[0] >= 0) {
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    if (grantpt(fds[0]) == 0 && unlockpt(fds[0]) == 0) name = ptsname(fds[0]);
    if (name != NULL) fds[1] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  int error = errno;
  if (fds[1] < 0) {
    if (fds[0] >= 0) close(fds[0]);
    return error;
  }
  sakigake_terminal_resize(fds[0], columns, rows);
  return 0;
}

int sakigake_pidfd_open(pid_t pid) {
#if defined(__linux__) && defined(SYS_pidfd_open)
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  (void)pid;
  errno = ENOSYS;
  return -1;
#endif
}

int sakigake_wait_ended(pid_t pid, int block, int *ended) {
  siginfo_t info;
  int result;
  memset(&info, 0, sizeof info);
  do {
    result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | (block ? 0 : WNOHANG));
  } while (result != 0 && errno == EINTR);
  *ended = result == 0 && info.si_pid == pid;
  return result == 0 ? 0 : errno;
}

int sakigake_status_exited(int status) { return WIFEXITED(status); }
int sakigake_status_code(int status) { return WEXITSTATUS(status); }
int sakigake_status_signal(int status) { return WTERMSIG(status); }

// Everything below runs in the child: async-signal-safe calls only.

static void fail(int report_fd, int step) {
  struct failure failure = {step, errno};
  ssize_t written;
  do {
    written = write(report_fd, &failure, sizeof failure);
  } while (written < 0 && errno == EINTR);
  _exit(127);
}

static void register_self(int fd) {
  char line[24];
  int end = (int)sizeof line;
  pid_t rest = getpid();
  line[--end] = '\n';
  do {
    line[--end] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  line[--end] = '+';
  // One write below PIPE_BUF is atomic. A full or broken pipe leaves the line out: the parent repeats it.
  ssize_t ignored = write(fd, line + end, sizeof line - (size_t)end);
  (void)ignored;
}

static void close_others_on_exec(int limit) {
#if defined(__linux__) && defined(SYS_close_range)
  // 4 is CLOSE_RANGE_CLOEXEC: the report pipe must live until exec.
  if (syscall(SYS_close_range, 3u, ~0u, 4u) == 0) return;
#endif
  for (int fd = 3; fd < limit; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0) fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
  }
}

static void run_child(const sakigake_spawn_request *request, const int fds[3], int report_fd, pid_t parent, int limit) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);

  setsid();
#if defined(__linux__)
  if (request->dies_with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before prctl; then the signal would never come.
    if (getppid() != parent) _exit(127);
  }
#else
  (void)parent;
#endif
  if (request->register_fd >= 0) register_self(request->register_fd);
  for (int target = 0; target < 3; target++) {
    if (dup2(fds[target], target) < 0) fail(report_fd, SAKIGAKE_SPAWN_PREPARE);
  }
  if (request->has_terminal && ioctl(0, TIOCSCTTY, 0) != 0) fail(report_fd, SAKIGAKE_SPAWN_PREPARE);
  close_others_on_exec(limit);
  if (request->cwd != NULL && chdir(request->cwd) != 0) fail(report_fd, SAKIGAKE_SPAWN_DIRECTORY);
  execve(request->path, request->argv, request->envp);
  fail(report_fd, SAKIGAKE_SPAWN_EXEC);
}

// Back in the parent.

static void close_all(int *fds, int count) {
  for (int index = 0; index < count; index++) {
    if (fds[index] >= 0) close(fds[index]);
  }
}

int sakigake_spawn(const sakigake_spawn_request *request, pid_t *pid, int *error) {
  *pid = 0;
  // Copies at 3 or above, so that the child's dup2 to 0, 1 and 2 never overwrites one it still needs.
  int given[3] = {request->stdin_fd, request->stdout_fd, request->stderr_fd};
  int fds[3] = {-1, -1, -1};
  int report[2] = {-1, -1};
  for (int index = 0; index < 3; index++) {
    int source = given[index] >= 0 ? given[index] : open("/dev/null", index == 0 ? O_RDONLY : O_WRONLY);
    fds[index] = source >= 0 ? fcntl(source, F_DUPFD_CLOEXEC, 3) : -1;
    *error = errno;
    if (given[index] < 0 && source >= 0) close(source);
    if (fds[index] < 0) {
      close_all(fds, 3);
      return SAKIGAKE_SPAWN_PREPARE;
    }
  }
  int failed = sakigake_pipe(report);
  if (failed != 0) {
    *error = failed;
    close_all(fds, 3);
    return SAKIGAKE_SPAWN_PREPARE;
  }
  if (report[1] < 3) {
    int moved = fcntl(report[1], F_DUPFD_CLOEXEC, 3);
    close(report[1]);
    report[1] = moved;
  }
  long open_limit = sysconf(_SC_OPEN_MAX);
  int limit = open_limit > 0 && open_limit < 65536 ? (int)open_limit : 65536;
  pid_t parent = getpid();

  // No handler of the parent may run in the child before its handlers are reset.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child == 0) run_child(request, fds, report[1], parent, limit);
  *error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close_all(fds, 3);
  close(report[1]);
  if (child < 0) {
    close(report[0]);
    return SAKIGAKE_SPAWN_PREPARE;
  }

  struct failure failure = {0, 0};
  ssize_t count;
  do {
    count = read(report[0], &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  close(report[0]);
  *pid = child;
  if (count == (ssize_t)sizeof failure) {
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    *error = failure.error;
    return failure.step;
  }
  *error = 0;
  return SAKIGAKE_SPAWN_OK;
}
