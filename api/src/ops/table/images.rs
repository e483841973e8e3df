//! Images: one namespace per host, so whoever moves a tag changes what others run.

use super::rows;
use crate::ops::Operation;

pub(super) const IMAGES: &[Operation] = rows! { Image:
    "image-list"    Get "/images/json" View
        query "all filters filter digests shared-size manifests identity only_ids" answer List;
    // The engine asks the registry that `term` names.
    "image-search"  Get "/images/search" Deploy query "term limit filters";
    "image-inspect" Get "/images/{name:.*}/json" View on Image query "manifests platform" answer Inspect;
    "image-history" Get "/images/{name:.*}/history" View on Image query "platform" answer Inspect;
    "image-attestations" Get "/images/{name:.*}/attestations" View on Image
        query "platform type[] statement" since 55;
    "image-save"    Get "/images/{name:.*}/get" Files on Image query "platform[]" stream Answer;
    "image-save-many" Get "/images/get" Files on ImagesInQuery query "names[] platform[]" stream Answer;
    // The archive names its own tags.
    "image-load"    Post "/images/load" Manage query "quiet platform[]" body Tar stream Answer;
    // Pull, or import: from the request's body (`fromSrc=-`) or from an address that the engine asks.
    "image-create"  Post "/images/create" Deploy
        query "fromImage fromSrc repo tag message platform changes[]" body Tar stream Answer;
    "image-push"    Post "/images/{name:.*}/push" Deploy on Image query "tag platform" stream Answer;
    "image-tag"     Post "/images/{name:.*}/tag" Deploy on Image query "repo tag force";
    "image-remove"  Delete "/images/{name:.*}" Deploy on Image query "force noprune platforms[]";
    "image-prune"   Post "/images/prune" Deploy query "filters" answer Pruned since 25;
};

pub(super) const DISTRIBUTION: &[Operation] = rows! { Distribution:
    // The engine asks the registry that the name names.
    "distribution-inspect" Get "/distribution/{name:.*}/json" Deploy on Reference since 30;
};
