"""What the DICOM web services of this node can do, for clients that ask (PS3.18 8.9): WADL, written from the table."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from lightwell.core.http.endpoints import Endpoint
from lightwell.imaging.picture import PictureFormat

_WADL: Final = "application/vnd.sun.wadl+xml"
_NAMESPACE: Final = "http://wadl.dev.java.net/2009/02"
_ROOTS: Final = ("/dicom-web/", "/wado")
_PICTURES: Final = ("/rendered", "/thumbnail")
_PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")


def is_dicom_web(endpoint: Endpoint) -> bool:
    """Tell whether an endpoint is one of PS3.18."""
    return endpoint.path.startswith(_ROOTS)


def answer(endpoints: Sequence[Endpoint]) -> Response:
    """Return the description of the DICOM web services among the endpoints."""
    application = ET.Element("application", xmlns=_NAMESPACE)
    resources = ET.SubElement(application, "resources", base="/")
    for path in dict.fromkeys(endpoint.path for endpoint in endpoints if is_dicom_web(endpoint)):
        _resource(resources, path, [endpoint for endpoint in endpoints if endpoint.path == path])
    return Response(ET.tostring(application, "utf-8", xml_declaration=True), media_type=_WADL)


def _resource(resources: ET.Element, path: str, endpoints: Sequence[Endpoint]) -> None:
    shown = _PARAMETER.sub(r"{\1}", path).removeprefix("/")
    resource = ET.SubElement(resources, "resource", path=shown)
    for name in _PARAMETER.findall(path):
        ET.SubElement(resource, "param", name=name, style="template", required="true")
    for endpoint in endpoints:
        method = ET.SubElement(resource, "method", name=endpoint.method, id=_name(endpoint))
        told = ET.SubElement(method, "doc")
        told.text = (endpoint.handler.__doc__ or "").partition("\n")[0]
        if path.endswith(_PICTURES):
            response = ET.SubElement(method, "response", status="200")
            for kind in PictureFormat:
                ET.SubElement(response, "representation", mediaType=kind)


def _name(endpoint: Endpoint) -> str:
    module = endpoint.handler.__module__.rpartition(".")[2]
    return f"{module}.{getattr(endpoint.handler, '__name__', '')}"
