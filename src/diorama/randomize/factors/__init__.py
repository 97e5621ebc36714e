"""The factors that come with Diorama, a file each. This is the order in which they are applied."""

from diorama.randomize.factor import register
from diorama.randomize.factors.backdrop import BACKDROP
from diorama.randomize.factors.camera import CAMERA
from diorama.randomize.factors.collar import COLLAR
from diorama.randomize.factors.flash import FLASH
from diorama.randomize.factors.light import LIGHT
from diorama.randomize.factors.look import LOOK
from diorama.randomize.factors.obstructors import OBSTRUCTORS
from diorama.randomize.factors.photo import PHOTO
from diorama.randomize.factors.pose import POSE
from diorama.randomize.factors.sky import SKY
from diorama.randomize.factors.subject import SUBJECT
from diorama.randomize.factors.surfaces import SURFACES
from diorama.randomize.factors.texturize_subject import TEXTURIZE_SUBJECT

for _factor in (
    SUBJECT, COLLAR, POSE, CAMERA, LIGHT, SKY, FLASH, SURFACES, OBSTRUCTORS, BACKDROP, PHOTO, TEXTURIZE_SUBJECT, LOOK
):  # fmt: skip
    register(_factor)
