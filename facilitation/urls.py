from django.urls import path

from facilitation.logins import Login, Logout
from facilitation.views import (
    alone,
    beamer,
    busy,
    console,
    health,
    home,
    library,
    manage,
    overview,
    phone,
    plan,
    plan_line,
    practice,
    review,
    trajectory,
)

urlpatterns = [
    path("", home.show_home, name="home"),
    path("healthz", health.show_health, name="health"),
    # A participant's phone
    path("m/<str:code>", phone.open_phone, name="phone"),
    path("m/<str:code>/rol", phone.choose_role, name="role"),
    path("m/<str:code>/stem", phone.vote, name="vote"),
    path("m/<str:code>/wis", phone.wipe, name="wipe"),
    path("m/<str:code>/stand", phone.poll_state, name="phone-state"),
    # A facilitator
    path("druk", busy.show_busy, name="busy"),
    path("inloggen", Login.as_view(), name="login"),
    path("uitloggen", Logout.as_view(), name="logout"),
    path("wachtwoord", overview.ChangePassword.as_view(), name="password_change"),
    path("bijeenkomsten", overview.show_overview, name="overview"),
    path("b/<str:code>/console", console.open_console, name="console"),
    path("b/<str:code>/console/stand", console.poll_console, name="console-state"),
    path("b/<str:code>/opdracht", console.command, name="command"),
    path("b/<str:code>/handen", console.keep_hands, name="hands"),
    path("b/<str:code>/stappen", console.keep_steps, name="steps"),
    path("b/<str:code>/weg", console.send_away, name="send-away"),
    path("b/<str:code>/wifi", console.keep_wifi, name="wifi"),
    path("b/<str:code>/netwerk", console.choose_network, name="network"),
    path("b/<str:code>/beheer", manage.manage, name="manage"),
    path("b/<str:code>/verwijder", manage.delete, name="delete"),
    path("b/<str:code>/terugzetten", manage.restore, name="restore"),
    path("b/<str:code>/oefenen", practice.start_simulation, name="simulate"),
    path("b/<str:code>/beamer", beamer.open_beamer, name="beamer"),
    path("b/<str:code>/beamer/stand", beamer.poll_beamer, name="beamer-state"),
    path("b/<str:code>/plan", plan.lead_to_plan, name="meeting-plan"),
    path("b/<str:code>/verslag", review.show_summary, name="summary"),
    path("b/<str:code>/verslag.txt", review.export_text, name="summary-text"),
    # A trajectory, and its plan
    path("t/<int:trajectory>", trajectory.show_trajectory, name="trajectory"),
    path("t/<int:trajectory>/samen", trajectory.merge, name="merge"),
    path("t/<int:trajectory>/los", trajectory.part, name="part"),
    path("t/<int:trajectory>/plan", plan.show_plan, name="plan"),
    path("t/<int:trajectory>/plan/stand", plan.poll_plan, name="plan-state"),
    path("t/<int:trajectory>/plan/beamer", plan.show_on_beamer, name="plan-show"),
    path("t/<int:trajectory>/plan/nieuw", plan.add_line, name="plan-add"),
    path("t/<int:trajectory>/plan/volgende", plan.keep_next_time, name="plan-next"),
    path("t/<int:trajectory>/plan/<int:line>", plan_line.open_line, name="plan-line"),
    path("t/<int:trajectory>/plan/<int:line>/plaats", plan_line.move_line, name="plan-move"),
    path("t/<int:trajectory>/plan/<int:line>/vouw", plan_line.fold_line, name="plan-fold"),
    path("t/<int:trajectory>/plan/<int:line>/kies", plan_line.pick_text, name="plan-pick"),
    path("t/<int:trajectory>/plan/<int:line>/eerder", plan_line.show_history, name="plan-history"),
    path("t/<int:trajectory>/plan/<int:line>/terug", plan_line.undo_change, name="plan-undo"),
    path("t/<int:trajectory>/plan/<int:line>/wis", plan_line.forget_steps, name="plan-forget"),
    # Everybody
    path("alleen", alone.choose_phase, name="alone"),
    path("alleen/<slug:phase>/<slug:node>", alone.open_node, name="alone-node"),
    path("alleen/<slug:phase>/<slug:node>/<slug:answer>", alone.open_answer, name="alone-answer"),
    path("alleen/pad", alone.open_path, name="alone-path"),
    path("bibliotheek", library.show_library, name="library"),
    path("bibliotheek/element/<slug:slug>", library.show_element, name="element"),
    path("bibliotheek/aanpak/<slug:slug>", library.show_intervention, name="intervention"),
    path("handleiding", library.show_handbook, name="handbook"),
]

handler400 = "facilitation.views.errors.show_bad_request"
handler404 = "facilitation.views.errors.show_not_found"
handler500 = "facilitation.views.errors.show_fault"
