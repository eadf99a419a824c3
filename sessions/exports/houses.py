"""How the phases are drawn: each as a house, the same on pages and on paper."""

# The phases by their roofs, in their order, and a house that is still to be built.
PHASE_HOUSES = (
    "M6 44V22L24 8l18 14v22z",
    "M6 44V22L24 8l18 14v22z",
    "M6 44V24a18 18 0 0 1 36 0v20z",
    "M6 44V24h6v-7h6v-6h12v6h6v7h6v20z",
    "M6 44V26a9 9 0 0 0 9-9v-7h18v7a9 9 0 0 0 9 9v18z",
)
