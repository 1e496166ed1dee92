"""What distinguishes instructors from students at the hub. Helm puts it into the hub's pod.

docs/kubernetes.md says how; everything that is the same for everybody is in values.yaml.
"""

c = get_config()  # noqa: F821 (JupyterHub provides it)

#: Who teaches. Everybody else whom values.yaml lets in is a student.
INSTRUCTORS = {"instructor"}
#: Where the image has Jupyter's configuration.
ETC = "/srv/keras-shapes/etc"
#: What bubblewrap needs to make a sandbox in a container: a container that may make namespaces.
#: `hostUsers: false` gives it users of its own, so that even its root is nobody on the node.
MAY_MAKE_NAMESPACES = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "Unconfined"},
    "appArmorProfile": {"type": "Unconfined"},
    "procMount": "Unmasked",
}


def prepare(spawner):
    """Give a server what its user's role needs, before it starts."""
    role = "instructor" if spawner.user.name in INSTRUCTORS else "student"
    spawner.environment["JUPYTER_CONFIG_PATH"] = f"{ETC}/{role}:{ETC}/everyone"
    spawner.extra_labels = {**spawner.extra_labels, "keras-shapes/role": role}
    if role == "instructor":
        spawner.mem_limit = "6G"
        spawner.container_security_context = MAY_MAKE_NAMESPACES
        spawner.extra_pod_config = {**spawner.extra_pod_config, "hostUsers": False}
        spawner.environment["GRADEBOOK"] = {
            "name": "GRADEBOOK",
            "valueFrom": {"secretKeyRef": {"name": "gradebook", "key": "url"}},
        }


c.Spawner.pre_spawn_hook = prepare
