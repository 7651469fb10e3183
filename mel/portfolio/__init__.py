"""The main job: from the folder of each alliance to its report. Here, and only here, the stages meet."""

from mel.portfolio.plan import Job, plan
from mel.portfolio.publish import publish
from mel.portfolio.run import Outcome, run

__all__ = ["Job", "Outcome", "plan", "publish", "run"]
