"""Every error that Diorama raises on purpose.

    DioramaError              exit status 2: one sentence on what is wrong, one on the mend
    ├── RecipeError           a recipe's field, a factor's key, a command's option
    ├── AssetError            a model, texture or sky that cannot be used
    ├── OutputError           the output folder: another dataset's, not writable, disk full
    ├── DeviceError           no graphics adapter, or the adapter was lost
    │   └── BatchError        a batch of scenes that is more than the device takes at once
    ├── ImageError            an image, or a folder of images in classes, that cannot be used
    ├── ModelError            a classifier's folder, a backbone or weights that cannot be used
    ├── TrainingError         a training that cannot go on, or options of it that do not fit
    ├── ExtraError            a part of Diorama whose packages are not installed
    └── UnseenSubjectError    a recipe under which the subject cannot be shown as large or as free as it asks

The message of each names the file or field at fault (`where`) and what to do next (`mend`). Anything else that escapes
is a defect of Diorama and keeps its traceback.
"""


class DioramaError(Exception):
    """Base of all errors below.

    Args:
        where: The file, field or option at fault, as the user knows it ("recipe.yaml: camera.distance").
        problem: What is wrong with it, in a few words and with the offending value.
        mend: What to do next, as an instruction.
    """

    def __init__(self, where: str, problem: str, mend: str) -> None:
        super().__init__(where, problem, mend)  # all three as args: survives the trip between processes
        self.where, self.problem, self.mend = where, problem, mend

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. {self.mend}"


class RecipeError(DioramaError):
    """A recipe's field, a factor's key or a command's option is wrong."""


class AssetError(DioramaError):
    """A model, texture or sky cannot be used."""


class OutputError(DioramaError):
    """The output folder cannot be written, or holds something else."""


class DeviceError(DioramaError):
    """There is no graphics adapter, or it was lost."""


class BatchError(DeviceError):
    """A batch of scenes is more than the device takes at once; fewer of them may do."""


class ImageError(DioramaError):
    """An image, or a folder of images in classes, cannot be used."""


class ModelError(DioramaError):
    """A classifier's folder, a backbone or a file of weights cannot be used."""


class TrainingError(DioramaError):
    """A training cannot go on, or was given options that do not fit."""


class ExtraError(DioramaError):
    """Packages are missing that a part of Diorama needs."""


class UnseenSubjectError(DioramaError):
    """No attempt at an image showed the subject as large or as free as the recipe asks."""
