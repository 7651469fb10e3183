"""The figures that are compared, as `mel.model.figures` finds them: one place where a figure is found in its cube."""

from mel.model.figures import Figures, Rows, covariances, joint_dfs

__all__ = ["Figures", "Rows", "covariances", "joint_dfs"]
