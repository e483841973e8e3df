//! Containers, what runs in them, and their files.

use super::rows;
use crate::ops::Operation;

pub(super) const CONTAINERS: &[Operation] = rows! { Container:
    "container-list"    Get "/containers/json" View
        query "all limit size filters since before trunc_cmd" answer List;
    "container-create"  Post "/containers/create" Deploy query "name platform" body Json answer Created;
    "container-prune"   Post "/containers/prune" Deploy query "filters" answer Pruned since 25;
    "container-inspect" Get "/containers/{name}/json" View on Container query "size" answer Inspect;
    "container-top"     Get "/containers/{name}/top" View on Container query "ps_args" answer Processes;
    "container-logs"    Get "/containers/{name}/logs" Logs on Container
        query "follow stdout stderr since until timestamps tail details format" stream Answer;
    "container-stats"   Get "/containers/{name}/stats" View on Container query "stream one-shot" stream Answer;
    // No `checkpoint` and `checkpoint-dir`: the second is a folder of the host.
    "container-start"   Post "/containers/{name}/start" Operate on Container query "detachKeys";
    "container-stop"    Post "/containers/{name}/stop" Operate on Container query "t signal";
    "container-restart" Post "/containers/{name}/restart" Operate on Container query "t signal";
    "container-kill"    Post "/containers/{name}/kill" Operate on Container query "signal";
    "container-pause"   Post "/containers/{name}/pause" Operate on Container;
    "container-unpause" Post "/containers/{name}/unpause" Operate on Container;
    // Waiting changes nothing, and its head comes long before its body.
    "container-wait"    Post "/containers/{name}/wait" View on Container query "condition" stream Answer audit false;
    // Without stdin it is no more than logs; with it, a console. The row says the stronger.
    "container-attach"  Post "/containers/{name}/attach" Exec on Container
        query "logs stream stdin stdout stderr detachKeys" stream Hijack;
    "container-resize"  Post "/containers/{name}/resize" Exec on Container query "h w" audit false;
    "container-rename"  Post "/containers/{name}/rename" Deploy on Container query "name";
    "container-update"  Post "/containers/{name}/update" Deploy on Container body Json;
    "container-remove"  Delete "/containers/{name}" Deploy on Container query "v link force";
    "container-changes" Get "/containers/{name}/changes" Files on Container;
    "container-export"  Get "/containers/{name}/export" Files on Container stream Answer;
    "container-stat"    Head "/containers/{name}/archive" Files on Container query "path";
    "container-read"    Get "/containers/{name}/archive" Files on Container query "path" stream Answer;
    "container-write"   Put "/containers/{name}/archive" Files + Exec on Container
        query "path noOverwriteDirNonDir copyUIDGID" body Tar;
    // Takes the files of a container out of it, and may move a tag.
    "container-commit"  Post "/commit" Deploy + Files on ContainerInQuery
        query "container repo tag comment author pause changes[]" body JsonOptional answer Created;
};

pub(super) const EXECS: &[Operation] = rows! { Exec:
    "exec-create"  Post "/containers/{name}/exec" Exec on Container body Json answer Created;
    "exec-inspect" Get "/exec/{id}/json" Exec on Exec answer Inspect;
    "exec-start"   Post "/exec/{id}/start" Exec on Exec body Json stream Hijack;
    "exec-resize"  Post "/exec/{id}/resize" Exec on Exec query "h w" audit false;
};
