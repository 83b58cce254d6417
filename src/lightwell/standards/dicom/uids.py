"""UIDs: the names by which machines of all makers call the same thing (PS3.5 9, PS3.6 Annex A).

A UID says what kind of object an image is (SOP class), how its bytes are written (transfer
syntax), and which one object it is (SOP instance). The constants carry the keywords of PS3.6 Table A-1,
so that a reader who knows the standard finds them at once:

    CTImageStorage              what a CT slice is
    ExplicitVRLittleEndian      how most files are written
    Verification                C-ECHO, "are you there?"

Three tables follow the constants: STORAGE_SOP_CLASSES (everything that can be kept), RETIRED_STORAGE_SOP_CLASSES
(what old archives still send us) and TRANSFER_SYNTAXES (what has to be known to walk the bytes).
"""

# ruff: noqa: E501 -- names are as long as the standard made them

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# Our own name on the network (PS3.7 D.3.3.2). The root 2.25 holds UUIDs written as integers (PS3.5 B.2).
IMPLEMENTATION_CLASS_UID: Final = "2.25.145050134184283274441280444728653552967"
IMPLEMENTATION_VERSION_NAME: Final = "LIGHTWELL_01"

_UID: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
_MAX_UID_LENGTH: Final = 64


def is_valid_uid(text: str) -> bool:
    """Tell whether a text may be used as a UID at all, e.g. as the key of an image.

    PS3.5 9.1: at most 64 characters, components of digits without leading zeros, separated by full stops.
    """
    return len(text) <= _MAX_UID_LENGTH and _UID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class TransferSyntax:
    """How the bytes of a data set are written, as far as one must know to walk them.

    PS3.5 10 and Annex A.
    """

    uid: str
    name: str
    is_little_endian: bool
    is_explicit_vr: bool
    is_encapsulated: bool
    is_deflated: bool


# Services and what they are asked for (PS3.4).
Storage: Final = "1.2.840.10008.4.2"
Verification: Final = "1.2.840.10008.1.1"
MediaStorageDirectoryStorage: Final = "1.2.840.10008.1.3.10"
StorageCommitmentPushModel: Final = "1.2.840.10008.1.20.1"
StorageCommitmentPushModelInstance: Final = "1.2.840.10008.1.20.1.1"
ProceduralEventLogging: Final = "1.2.840.10008.1.40"
ProceduralEventLoggingInstance: Final = "1.2.840.10008.1.40.1"
SubstanceAdministrationLogging: Final = "1.2.840.10008.1.42"
SubstanceAdministrationLoggingInstance: Final = "1.2.840.10008.1.42.1"
DICOMApplicationContext: Final = "1.2.840.10008.3.1.1.1"
ModalityPerformedProcedureStep: Final = "1.2.840.10008.3.1.2.3.3"
ModalityPerformedProcedureStepRetrieve: Final = "1.2.840.10008.3.1.2.3.4"
ModalityPerformedProcedureStepNotification: Final = "1.2.840.10008.3.1.2.3.5"
BasicFilmSession: Final = "1.2.840.10008.5.1.1.1"
BasicFilmBox: Final = "1.2.840.10008.5.1.1.2"
BasicGrayscaleImageBox: Final = "1.2.840.10008.5.1.1.4"
BasicColorImageBox: Final = "1.2.840.10008.5.1.1.4.1"
BasicGrayscalePrintManagementMeta: Final = "1.2.840.10008.5.1.1.9"
PrintJob: Final = "1.2.840.10008.5.1.1.14"
BasicAnnotationBox: Final = "1.2.840.10008.5.1.1.15"
Printer: Final = "1.2.840.10008.5.1.1.16"
PrinterConfigurationRetrieval: Final = "1.2.840.10008.5.1.1.16.376"
BasicColorPrintManagementMeta: Final = "1.2.840.10008.5.1.1.18"
VOILUTBox: Final = "1.2.840.10008.5.1.1.22"
PresentationLUT: Final = "1.2.840.10008.5.1.1.23"
MediaCreationManagement: Final = "1.2.840.10008.5.1.1.33"
DisplaySystem: Final = "1.2.840.10008.5.1.1.40"
ProtocolApprovalInformationModelFind: Final = "1.2.840.10008.5.1.4.1.1.200.4"
ProtocolApprovalInformationModelMove: Final = "1.2.840.10008.5.1.4.1.1.200.5"
ProtocolApprovalInformationModelGet: Final = "1.2.840.10008.5.1.4.1.1.200.6"
InventoryFind: Final = "1.2.840.10008.5.1.4.1.1.201.2"
InventoryMove: Final = "1.2.840.10008.5.1.4.1.1.201.3"
InventoryGet: Final = "1.2.840.10008.5.1.4.1.1.201.4"
InventoryCreation: Final = "1.2.840.10008.5.1.4.1.1.201.5"
RepositoryQuery: Final = "1.2.840.10008.5.1.4.1.1.201.6"
PatientRootQueryRetrieveInformationModelFind: Final = "1.2.840.10008.5.1.4.1.2.1.1"
PatientRootQueryRetrieveInformationModelMove: Final = "1.2.840.10008.5.1.4.1.2.1.2"
PatientRootQueryRetrieveInformationModelGet: Final = "1.2.840.10008.5.1.4.1.2.1.3"
StudyRootQueryRetrieveInformationModelFind: Final = "1.2.840.10008.5.1.4.1.2.2.1"
StudyRootQueryRetrieveInformationModelMove: Final = "1.2.840.10008.5.1.4.1.2.2.2"
StudyRootQueryRetrieveInformationModelGet: Final = "1.2.840.10008.5.1.4.1.2.2.3"
CompositeInstanceRootRetrieveMove: Final = "1.2.840.10008.5.1.4.1.2.4.2"
CompositeInstanceRootRetrieveGet: Final = "1.2.840.10008.5.1.4.1.2.4.3"
CompositeInstanceRetrieveWithoutBulkDataGet: Final = "1.2.840.10008.5.1.4.1.2.5.3"
DefinedProcedureProtocolInformationModelFind: Final = "1.2.840.10008.5.1.4.20.1"
DefinedProcedureProtocolInformationModelMove: Final = "1.2.840.10008.5.1.4.20.2"
DefinedProcedureProtocolInformationModelGet: Final = "1.2.840.10008.5.1.4.20.3"
ModalityWorklistInformationModelFind: Final = "1.2.840.10008.5.1.4.31"
InstanceAvailabilityNotification: Final = "1.2.840.10008.5.1.4.33"
UPSGlobalSubscriptionInstance: Final = "1.2.840.10008.5.1.4.34.5"
UPSFilteredGlobalSubscriptionInstance: Final = "1.2.840.10008.5.1.4.34.5.1"
UnifiedProcedureStepPush: Final = "1.2.840.10008.5.1.4.34.6.1"
UnifiedProcedureStepWatch: Final = "1.2.840.10008.5.1.4.34.6.2"
UnifiedProcedureStepPull: Final = "1.2.840.10008.5.1.4.34.6.3"
UnifiedProcedureStepEvent: Final = "1.2.840.10008.5.1.4.34.6.4"
UnifiedProcedureStepQuery: Final = "1.2.840.10008.5.1.4.34.6.5"
RTConventionalMachineVerification: Final = "1.2.840.10008.5.1.4.34.8"
RTIonMachineVerification: Final = "1.2.840.10008.5.1.4.34.9"
GeneralRelevantPatientInformationQuery: Final = "1.2.840.10008.5.1.4.37.1"
BreastImagingRelevantPatientInformationQuery: Final = "1.2.840.10008.5.1.4.37.2"
CardiacRelevantPatientInformationQuery: Final = "1.2.840.10008.5.1.4.37.3"
HangingProtocolInformationModelFind: Final = "1.2.840.10008.5.1.4.38.2"
HangingProtocolInformationModelMove: Final = "1.2.840.10008.5.1.4.38.3"
HangingProtocolInformationModelGet: Final = "1.2.840.10008.5.1.4.38.4"
ColorPaletteQueryRetrieveInformationModelFind: Final = "1.2.840.10008.5.1.4.39.2"
ColorPaletteQueryRetrieveInformationModelMove: Final = "1.2.840.10008.5.1.4.39.3"
ColorPaletteQueryRetrieveInformationModelGet: Final = "1.2.840.10008.5.1.4.39.4"
ProductCharacteristicsQuery: Final = "1.2.840.10008.5.1.4.41"
SubstanceApprovalQuery: Final = "1.2.840.10008.5.1.4.42"
GenericImplantTemplateInformationModelFind: Final = "1.2.840.10008.5.1.4.43.2"
GenericImplantTemplateInformationModelMove: Final = "1.2.840.10008.5.1.4.43.3"
GenericImplantTemplateInformationModelGet: Final = "1.2.840.10008.5.1.4.43.4"
ImplantAssemblyTemplateInformationModelFind: Final = "1.2.840.10008.5.1.4.44.2"
ImplantAssemblyTemplateInformationModelMove: Final = "1.2.840.10008.5.1.4.44.3"
ImplantAssemblyTemplateInformationModelGet: Final = "1.2.840.10008.5.1.4.44.4"
ImplantTemplateGroupInformationModelFind: Final = "1.2.840.10008.5.1.4.45.2"
ImplantTemplateGroupInformationModelMove: Final = "1.2.840.10008.5.1.4.45.3"
ImplantTemplateGroupInformationModelGet: Final = "1.2.840.10008.5.1.4.45.4"
VideoEndoscopicImageRealTimeCommunication: Final = "1.2.840.10008.10.1"
VideoPhotographicImageRealTimeCommunication: Final = "1.2.840.10008.10.2"
AudioWaveformRealTimeCommunication: Final = "1.2.840.10008.10.3"
RenditionSelectionDocumentRealTimeCommunication: Final = "1.2.840.10008.10.4"

# What can be stored (PS3.4 B.5).
ComputedRadiographyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.1"
DigitalXRayImageStorageForPresentation: Final = "1.2.840.10008.5.1.4.1.1.1.1"
DigitalXRayImageStorageForProcessing: Final = "1.2.840.10008.5.1.4.1.1.1.1.1"
DigitalMammographyXRayImageStorageForPresentation: Final = "1.2.840.10008.5.1.4.1.1.1.2"
DigitalMammographyXRayImageStorageForProcessing: Final = "1.2.840.10008.5.1.4.1.1.1.2.1"
DigitalIntraOralXRayImageStorageForPresentation: Final = "1.2.840.10008.5.1.4.1.1.1.3"
DigitalIntraOralXRayImageStorageForProcessing: Final = "1.2.840.10008.5.1.4.1.1.1.3.1"
CTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.2"
EnhancedCTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.2.1"
LegacyConvertedEnhancedCTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.2.2"
UltrasoundMultiFrameImageStorage: Final = "1.2.840.10008.5.1.4.1.1.3.1"
MRImageStorage: Final = "1.2.840.10008.5.1.4.1.1.4"
EnhancedMRImageStorage: Final = "1.2.840.10008.5.1.4.1.1.4.1"
MRSpectroscopyStorage: Final = "1.2.840.10008.5.1.4.1.1.4.2"
EnhancedMRColorImageStorage: Final = "1.2.840.10008.5.1.4.1.1.4.3"
LegacyConvertedEnhancedMRImageStorage: Final = "1.2.840.10008.5.1.4.1.1.4.4"
UltrasoundImageStorage: Final = "1.2.840.10008.5.1.4.1.1.6.1"
EnhancedUSVolumeStorage: Final = "1.2.840.10008.5.1.4.1.1.6.2"
PhotoacousticImageStorage: Final = "1.2.840.10008.5.1.4.1.1.6.3"
SecondaryCaptureImageStorage: Final = "1.2.840.10008.5.1.4.1.1.7"
MultiFrameSingleBitSecondaryCaptureImageStorage: Final = "1.2.840.10008.5.1.4.1.1.7.1"
MultiFrameGrayscaleByteSecondaryCaptureImageStorage: Final = "1.2.840.10008.5.1.4.1.1.7.2"
MultiFrameGrayscaleWordSecondaryCaptureImageStorage: Final = "1.2.840.10008.5.1.4.1.1.7.3"
MultiFrameTrueColorSecondaryCaptureImageStorage: Final = "1.2.840.10008.5.1.4.1.1.7.4"
TwelveLeadECGWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.1.1"
GeneralECGWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.1.2"
AmbulatoryECGWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.1.3"
General32bitECGWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.1.4"
HemodynamicWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.2.1"
CardiacElectrophysiologyWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.3.1"
BasicVoiceAudioWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.4.1"
GeneralAudioWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.4.2"
ArterialPulseWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.5.1"
RespiratoryWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.6.1"
MultichannelRespiratoryWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.6.2"
RoutineScalpElectroencephalogramWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.7.1"
ElectromyogramWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.7.2"
ElectrooculogramWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.7.3"
SleepElectroencephalogramWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.7.4"
BodyPositionWaveformStorage: Final = "1.2.840.10008.5.1.4.1.1.9.8.1"
WaveformPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.9.100.1"
WaveformAcquisitionPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.9.100.2"
GrayscaleSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.1"
ColorSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.2"
PseudoColorSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.3"
BlendingSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.4"
XAXRFGrayscaleSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.5"
GrayscalePlanarMPRVolumetricPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.6"
CompositingPlanarMPRVolumetricPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.7"
AdvancedBlendingPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.8"
VolumeRenderingVolumetricPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.9"
SegmentedVolumeRenderingVolumetricPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.10"
MultipleVolumeRenderingVolumetricPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.11"
VariableModalityLUTSoftcopyPresentationStateStorage: Final = "1.2.840.10008.5.1.4.1.1.11.12"
XRayAngiographicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.12.1"
EnhancedXAImageStorage: Final = "1.2.840.10008.5.1.4.1.1.12.1.1"
XRayRadiofluoroscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.12.2"
EnhancedXRFImageStorage: Final = "1.2.840.10008.5.1.4.1.1.12.2.1"
XRay3DAngiographicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.13.1.1"
XRay3DCraniofacialImageStorage: Final = "1.2.840.10008.5.1.4.1.1.13.1.2"
BreastTomosynthesisImageStorage: Final = "1.2.840.10008.5.1.4.1.1.13.1.3"
BreastProjectionXRayImageStorageForPresentation: Final = "1.2.840.10008.5.1.4.1.1.13.1.4"
BreastProjectionXRayImageStorageForProcessing: Final = "1.2.840.10008.5.1.4.1.1.13.1.5"
IntravascularOpticalCoherenceTomographyImageStorageForPresentation: Final = "1.2.840.10008.5.1.4.1.1.14.1"
IntravascularOpticalCoherenceTomographyImageStorageForProcessing: Final = "1.2.840.10008.5.1.4.1.1.14.2"
NuclearMedicineImageStorage: Final = "1.2.840.10008.5.1.4.1.1.20"
ParametricMapStorage: Final = "1.2.840.10008.5.1.4.1.1.30"
RawDataStorage: Final = "1.2.840.10008.5.1.4.1.1.66"
SpatialRegistrationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.1"
SpatialFiducialsStorage: Final = "1.2.840.10008.5.1.4.1.1.66.2"
DeformableSpatialRegistrationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.3"
SegmentationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.4"
SurfaceSegmentationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.5"
TractographyResultsStorage: Final = "1.2.840.10008.5.1.4.1.1.66.6"
LabelMapSegmentationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.7"
HeightMapSegmentationStorage: Final = "1.2.840.10008.5.1.4.1.1.66.8"
RealWorldValueMappingStorage: Final = "1.2.840.10008.5.1.4.1.1.67"
SurfaceScanMeshStorage: Final = "1.2.840.10008.5.1.4.1.1.68.1"
SurfaceScanPointCloudStorage: Final = "1.2.840.10008.5.1.4.1.1.68.2"
VLEndoscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.1"
VideoEndoscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
VLMicroscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.2"
VideoMicroscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.2.1"
VLSlideCoordinatesMicroscopicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.3"
VLPhotographicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.4"
VideoPhotographicImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.4.1"
OphthalmicPhotography8BitImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.1"
OphthalmicPhotography16BitImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.2"
StereometricRelationshipStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.3"
OphthalmicTomographyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.4"
WideFieldOphthalmicPhotographyStereographicProjectionImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.5"
WideFieldOphthalmicPhotography3DCoordinatesImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.6"
OphthalmicOpticalCoherenceTomographyEnFaceImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.7"
OphthalmicOpticalCoherenceTomographyBscanVolumeAnalysisStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.5.8"
VLWholeSlideMicroscopyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.6"
DermoscopicPhotographyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.7"
ConfocalMicroscopyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.8"
ConfocalMicroscopyTiledPyramidalImageStorage: Final = "1.2.840.10008.5.1.4.1.1.77.1.9"
LensometryMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.1"
AutorefractionMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.2"
KeratometryMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.3"
SubjectiveRefractionMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.4"
VisualAcuityMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.5"
SpectaclePrescriptionReportStorage: Final = "1.2.840.10008.5.1.4.1.1.78.6"
OphthalmicAxialMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.7"
IntraocularLensCalculationsStorage: Final = "1.2.840.10008.5.1.4.1.1.78.8"
MacularGridThicknessAndVolumeReportStorage: Final = "1.2.840.10008.5.1.4.1.1.79.1"
OphthalmicVisualFieldStaticPerimetryMeasurementsStorage: Final = "1.2.840.10008.5.1.4.1.1.80.1"
OphthalmicThicknessMapStorage: Final = "1.2.840.10008.5.1.4.1.1.81.1"
CornealTopographyMapStorage: Final = "1.2.840.10008.5.1.4.1.1.82.1"
BasicTextSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.11"
EnhancedSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.22"
ComprehensiveSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.33"
Comprehensive3DSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.34"
ExtensibleSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.35"
ProcedureLogStorage: Final = "1.2.840.10008.5.1.4.1.1.88.40"
MammographyCADSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.50"
KeyObjectSelectionDocumentStorage: Final = "1.2.840.10008.5.1.4.1.1.88.59"
ChestCADSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.65"
XRayRadiationDoseSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.67"
RadiopharmaceuticalRadiationDoseSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.68"
ColonCADSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.69"
ImplantationPlanSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.70"
AcquisitionContextSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.71"
SimplifiedAdultEchoSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.72"
PatientRadiationDoseSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.73"
PlannedImagingAgentAdministrationSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.74"
PerformedImagingAgentAdministrationSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.75"
EnhancedXRayRadiationDoseSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.76"
WaveformAnnotationSRStorage: Final = "1.2.840.10008.5.1.4.1.1.88.77"
ContentAssessmentResultsStorage: Final = "1.2.840.10008.5.1.4.1.1.90.1"
MicroscopyBulkSimpleAnnotationsStorage: Final = "1.2.840.10008.5.1.4.1.1.91.1"
EncapsulatedPDFStorage: Final = "1.2.840.10008.5.1.4.1.1.104.1"
EncapsulatedCDAStorage: Final = "1.2.840.10008.5.1.4.1.1.104.2"
EncapsulatedSTLStorage: Final = "1.2.840.10008.5.1.4.1.1.104.3"
EncapsulatedOBJStorage: Final = "1.2.840.10008.5.1.4.1.1.104.4"
EncapsulatedMTLStorage: Final = "1.2.840.10008.5.1.4.1.1.104.5"
PositronEmissionTomographyImageStorage: Final = "1.2.840.10008.5.1.4.1.1.128"
LegacyConvertedEnhancedPETImageStorage: Final = "1.2.840.10008.5.1.4.1.1.128.1"
EnhancedPETImageStorage: Final = "1.2.840.10008.5.1.4.1.1.130"
BasicStructuredDisplayStorage: Final = "1.2.840.10008.5.1.4.1.1.131"
CTDefinedProcedureProtocolStorage: Final = "1.2.840.10008.5.1.4.1.1.200.1"
CTPerformedProcedureProtocolStorage: Final = "1.2.840.10008.5.1.4.1.1.200.2"
ProtocolApprovalStorage: Final = "1.2.840.10008.5.1.4.1.1.200.3"
XADefinedProcedureProtocolStorage: Final = "1.2.840.10008.5.1.4.1.1.200.7"
XAPerformedProcedureProtocolStorage: Final = "1.2.840.10008.5.1.4.1.1.200.8"
InventoryStorage: Final = "1.2.840.10008.5.1.4.1.1.201.1"
RTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.481.1"
RTDoseStorage: Final = "1.2.840.10008.5.1.4.1.1.481.2"
RTStructureSetStorage: Final = "1.2.840.10008.5.1.4.1.1.481.3"
RTBeamsTreatmentRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.4"
RTPlanStorage: Final = "1.2.840.10008.5.1.4.1.1.481.5"
RTBrachyTreatmentRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.6"
RTTreatmentSummaryRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.7"
RTIonPlanStorage: Final = "1.2.840.10008.5.1.4.1.1.481.8"
RTIonBeamsTreatmentRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.9"
RTPhysicianIntentStorage: Final = "1.2.840.10008.5.1.4.1.1.481.10"
RTSegmentAnnotationStorage: Final = "1.2.840.10008.5.1.4.1.1.481.11"
RTRadiationSetStorage: Final = "1.2.840.10008.5.1.4.1.1.481.12"
CArmPhotonElectronRadiationStorage: Final = "1.2.840.10008.5.1.4.1.1.481.13"
TomotherapeuticRadiationStorage: Final = "1.2.840.10008.5.1.4.1.1.481.14"
RoboticArmRadiationStorage: Final = "1.2.840.10008.5.1.4.1.1.481.15"
RTRadiationRecordSetStorage: Final = "1.2.840.10008.5.1.4.1.1.481.16"
RTRadiationSalvageRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.17"
TomotherapeuticRadiationRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.18"
CArmPhotonElectronRadiationRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.19"
RoboticRadiationRecordStorage: Final = "1.2.840.10008.5.1.4.1.1.481.20"
RTRadiationSetDeliveryInstructionStorage: Final = "1.2.840.10008.5.1.4.1.1.481.21"
RTTreatmentPreparationStorage: Final = "1.2.840.10008.5.1.4.1.1.481.22"
EnhancedRTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.481.23"
EnhancedContinuousRTImageStorage: Final = "1.2.840.10008.5.1.4.1.1.481.24"
RTPatientPositionAcquisitionInstructionStorage: Final = "1.2.840.10008.5.1.4.1.1.481.25"
RTBeamsDeliveryInstructionStorage: Final = "1.2.840.10008.5.1.4.34.7"
RTBrachyApplicationSetupDeliveryInstructionStorage: Final = "1.2.840.10008.5.1.4.34.10"
HangingProtocolStorage: Final = "1.2.840.10008.5.1.4.38.1"
ColorPaletteStorage: Final = "1.2.840.10008.5.1.4.39.1"
GenericImplantTemplateStorage: Final = "1.2.840.10008.5.1.4.43.1"
ImplantAssemblyTemplateStorage: Final = "1.2.840.10008.5.1.4.44.1"
ImplantTemplateGroupStorage: Final = "1.2.840.10008.5.1.4.45.1"

# What could be stored once; old archives still hold it.
UltrasoundMultiFrameImageStorageRetired: Final = "1.2.840.10008.5.1.4.1.1.3"
NuclearMedicineImageStorageRetired: Final = "1.2.840.10008.5.1.4.1.1.5"
UltrasoundImageStorageRetired: Final = "1.2.840.10008.5.1.4.1.1.6"
StandaloneOverlayStorage: Final = "1.2.840.10008.5.1.4.1.1.8"
StandaloneCurveStorage: Final = "1.2.840.10008.5.1.4.1.1.9"
WaveformStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.9.1"
StandaloneModalityLUTStorage: Final = "1.2.840.10008.5.1.4.1.1.10"
StandaloneVOILUTStorage: Final = "1.2.840.10008.5.1.4.1.1.11"
XRayAngiographicBiPlaneImageStorage: Final = "1.2.840.10008.5.1.4.1.1.12.3"
VLImageStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.77.1"
VLMultiFrameImageStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.77.2"
TextSRStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.88.1"
AudioSRStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.88.2"
DetailSRStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.88.3"
ComprehensiveSRStorageTrial: Final = "1.2.840.10008.5.1.4.1.1.88.4"
StandalonePETCurveStorage: Final = "1.2.840.10008.5.1.4.1.1.129"
RTBeamsDeliveryInstructionStorageTrial: Final = "1.2.840.10008.5.1.4.34.1"

# How it is written (PS3.5 Annex A).
ImplicitVRLittleEndian: Final = "1.2.840.10008.1.2"
ExplicitVRLittleEndian: Final = "1.2.840.10008.1.2.1"
EncapsulatedUncompressedExplicitVRLittleEndian: Final = "1.2.840.10008.1.2.1.98"
DeflatedExplicitVRLittleEndian: Final = "1.2.840.10008.1.2.1.99"
ExplicitVRBigEndian: Final = "1.2.840.10008.1.2.2"
JPEGBaseline8Bit: Final = "1.2.840.10008.1.2.4.50"
JPEGExtended12Bit: Final = "1.2.840.10008.1.2.4.51"
JPEGExtended35: Final = "1.2.840.10008.1.2.4.52"
JPEGSpectralSelectionNonHierarchical68: Final = "1.2.840.10008.1.2.4.53"
JPEGSpectralSelectionNonHierarchical79: Final = "1.2.840.10008.1.2.4.54"
JPEGFullProgressionNonHierarchical1012: Final = "1.2.840.10008.1.2.4.55"
JPEGFullProgressionNonHierarchical1113: Final = "1.2.840.10008.1.2.4.56"
JPEGLossless: Final = "1.2.840.10008.1.2.4.57"
JPEGLosslessNonHierarchical15: Final = "1.2.840.10008.1.2.4.58"
JPEGExtendedHierarchical1618: Final = "1.2.840.10008.1.2.4.59"
JPEGExtendedHierarchical1719: Final = "1.2.840.10008.1.2.4.60"
JPEGSpectralSelectionHierarchical2022: Final = "1.2.840.10008.1.2.4.61"
JPEGSpectralSelectionHierarchical2123: Final = "1.2.840.10008.1.2.4.62"
JPEGFullProgressionHierarchical2426: Final = "1.2.840.10008.1.2.4.63"
JPEGFullProgressionHierarchical2527: Final = "1.2.840.10008.1.2.4.64"
JPEGLosslessHierarchical28: Final = "1.2.840.10008.1.2.4.65"
JPEGLosslessHierarchical29: Final = "1.2.840.10008.1.2.4.66"
JPEGLosslessSV1: Final = "1.2.840.10008.1.2.4.70"
JPEGLSLossless: Final = "1.2.840.10008.1.2.4.80"
JPEGLSNearLossless: Final = "1.2.840.10008.1.2.4.81"
JPEG2000Lossless: Final = "1.2.840.10008.1.2.4.90"
JPEG2000: Final = "1.2.840.10008.1.2.4.91"
JPEG2000MCLossless: Final = "1.2.840.10008.1.2.4.92"
JPEG2000MC: Final = "1.2.840.10008.1.2.4.93"
JPIPReferenced: Final = "1.2.840.10008.1.2.4.94"
JPIPReferencedDeflate: Final = "1.2.840.10008.1.2.4.95"
MPEG2MPML: Final = "1.2.840.10008.1.2.4.100"
MPEG2MPMLF: Final = "1.2.840.10008.1.2.4.100.1"
MPEG2MPHL: Final = "1.2.840.10008.1.2.4.101"
MPEG2MPHLF: Final = "1.2.840.10008.1.2.4.101.1"
MPEG4HP41: Final = "1.2.840.10008.1.2.4.102"
MPEG4HP41F: Final = "1.2.840.10008.1.2.4.102.1"
MPEG4HP41BD: Final = "1.2.840.10008.1.2.4.103"
MPEG4HP41BDF: Final = "1.2.840.10008.1.2.4.103.1"
MPEG4HP422D: Final = "1.2.840.10008.1.2.4.104"
MPEG4HP422DF: Final = "1.2.840.10008.1.2.4.104.1"
MPEG4HP423D: Final = "1.2.840.10008.1.2.4.105"
MPEG4HP423DF: Final = "1.2.840.10008.1.2.4.105.1"
MPEG4HP42STEREO: Final = "1.2.840.10008.1.2.4.106"
MPEG4HP42STEREOF: Final = "1.2.840.10008.1.2.4.106.1"
HEVCMP51: Final = "1.2.840.10008.1.2.4.107"
HEVCM10P51: Final = "1.2.840.10008.1.2.4.108"
JPEGXLLossless: Final = "1.2.840.10008.1.2.4.110"
JPEGXLJPEGRecompression: Final = "1.2.840.10008.1.2.4.111"
JPEGXL: Final = "1.2.840.10008.1.2.4.112"
HTJ2KLossless: Final = "1.2.840.10008.1.2.4.201"
HTJ2KLosslessRPCL: Final = "1.2.840.10008.1.2.4.202"
HTJ2K: Final = "1.2.840.10008.1.2.4.203"
JPIPHTJ2KReferenced: Final = "1.2.840.10008.1.2.4.204"
JPIPHTJ2KReferencedDeflate: Final = "1.2.840.10008.1.2.4.205"
RLELossless: Final = "1.2.840.10008.1.2.5"
SMPTEST211020UncompressedProgressiveActiveVideo: Final = "1.2.840.10008.1.2.7.1"
SMPTEST211020UncompressedInterlacedActiveVideo: Final = "1.2.840.10008.1.2.7.2"
SMPTEST211030PCMDigitalAudio: Final = "1.2.840.10008.1.2.7.3"
DeflatedImageFrameCompression: Final = "1.2.840.10008.1.2.8.1"
Papyrus3ImplicitVRLittleEndian: Final = "1.2.840.10008.1.20"

STORAGE_SOP_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ComputedRadiographyImageStorage: "Computed Radiography Image Storage",
        DigitalXRayImageStorageForPresentation: "Digital X-Ray Image Storage - For Presentation",
        DigitalXRayImageStorageForProcessing: "Digital X-Ray Image Storage - For Processing",
        DigitalMammographyXRayImageStorageForPresentation: "Digital Mammography X-Ray Image Storage - For Presentation",
        DigitalMammographyXRayImageStorageForProcessing: "Digital Mammography X-Ray Image Storage - For Processing",
        DigitalIntraOralXRayImageStorageForPresentation: "Digital Intra-Oral X-Ray Image Storage - For Presentation",
        DigitalIntraOralXRayImageStorageForProcessing: "Digital Intra-Oral X-Ray Image Storage - For Processing",
        CTImageStorage: "CT Image Storage",
        EnhancedCTImageStorage: "Enhanced CT Image Storage",
        LegacyConvertedEnhancedCTImageStorage: "Legacy Converted Enhanced CT Image Storage",
        UltrasoundMultiFrameImageStorage: "Ultrasound Multi-frame Image Storage",
        MRImageStorage: "MR Image Storage",
        EnhancedMRImageStorage: "Enhanced MR Image Storage",
        MRSpectroscopyStorage: "MR Spectroscopy Storage",
        EnhancedMRColorImageStorage: "Enhanced MR Color Image Storage",
        LegacyConvertedEnhancedMRImageStorage: "Legacy Converted Enhanced MR Image Storage",
        UltrasoundImageStorage: "Ultrasound Image Storage",
        EnhancedUSVolumeStorage: "Enhanced US Volume Storage",
        PhotoacousticImageStorage: "Photoacoustic Image Storage",
        SecondaryCaptureImageStorage: "Secondary Capture Image Storage",
        MultiFrameSingleBitSecondaryCaptureImageStorage: "Multi-frame Single Bit Secondary Capture Image Storage",
        MultiFrameGrayscaleByteSecondaryCaptureImageStorage: "Multi-frame Grayscale Byte Secondary Capture Image Storage",
        MultiFrameGrayscaleWordSecondaryCaptureImageStorage: "Multi-frame Grayscale Word Secondary Capture Image Storage",
        MultiFrameTrueColorSecondaryCaptureImageStorage: "Multi-frame True Color Secondary Capture Image Storage",
        TwelveLeadECGWaveformStorage: "12-lead ECG Waveform Storage",
        GeneralECGWaveformStorage: "General ECG Waveform Storage",
        AmbulatoryECGWaveformStorage: "Ambulatory ECG Waveform Storage",
        General32bitECGWaveformStorage: "General 32-bit ECG Waveform Storage",
        HemodynamicWaveformStorage: "Hemodynamic Waveform Storage",
        CardiacElectrophysiologyWaveformStorage: "Cardiac Electrophysiology Waveform Storage",
        BasicVoiceAudioWaveformStorage: "Basic Voice Audio Waveform Storage",
        GeneralAudioWaveformStorage: "General Audio Waveform Storage",
        ArterialPulseWaveformStorage: "Arterial Pulse Waveform Storage",
        RespiratoryWaveformStorage: "Respiratory Waveform Storage",
        MultichannelRespiratoryWaveformStorage: "Multi-channel Respiratory Waveform Storage",
        RoutineScalpElectroencephalogramWaveformStorage: "Routine Scalp Electroencephalogram Waveform Storage",
        ElectromyogramWaveformStorage: "Electromyogram Waveform Storage",
        ElectrooculogramWaveformStorage: "Electrooculogram Waveform Storage",
        SleepElectroencephalogramWaveformStorage: "Sleep Electroencephalogram Waveform Storage",
        BodyPositionWaveformStorage: "Body Position Waveform Storage",
        WaveformPresentationStateStorage: "Waveform Presentation State Storage",
        WaveformAcquisitionPresentationStateStorage: "Waveform Acquisition Presentation State Storage",
        GrayscaleSoftcopyPresentationStateStorage: "Grayscale Softcopy Presentation State Storage",
        ColorSoftcopyPresentationStateStorage: "Color Softcopy Presentation State Storage",
        PseudoColorSoftcopyPresentationStateStorage: "Pseudo-Color Softcopy Presentation State Storage",
        BlendingSoftcopyPresentationStateStorage: "Blending Softcopy Presentation State Storage",
        XAXRFGrayscaleSoftcopyPresentationStateStorage: "XA/XRF Grayscale Softcopy Presentation State Storage",
        GrayscalePlanarMPRVolumetricPresentationStateStorage: "Grayscale Planar MPR Volumetric Presentation State Storage",
        CompositingPlanarMPRVolumetricPresentationStateStorage: "Compositing Planar MPR Volumetric Presentation State Storage",
        AdvancedBlendingPresentationStateStorage: "Advanced Blending Presentation State Storage",
        VolumeRenderingVolumetricPresentationStateStorage: "Volume Rendering Volumetric Presentation State Storage",
        SegmentedVolumeRenderingVolumetricPresentationStateStorage: "Segmented Volume Rendering Volumetric Presentation State Storage",
        MultipleVolumeRenderingVolumetricPresentationStateStorage: "Multiple Volume Rendering Volumetric Presentation State Storage",
        VariableModalityLUTSoftcopyPresentationStateStorage: "Variable Modality LUT Softcopy Presentation State Storage",
        XRayAngiographicImageStorage: "X-Ray Angiographic Image Storage",
        EnhancedXAImageStorage: "Enhanced XA Image Storage",
        XRayRadiofluoroscopicImageStorage: "X-Ray Radiofluoroscopic Image Storage",
        EnhancedXRFImageStorage: "Enhanced XRF Image Storage",
        XRay3DAngiographicImageStorage: "X-Ray 3D Angiographic Image Storage",
        XRay3DCraniofacialImageStorage: "X-Ray 3D Craniofacial Image Storage",
        BreastTomosynthesisImageStorage: "Breast Tomosynthesis Image Storage",
        BreastProjectionXRayImageStorageForPresentation: "Breast Projection X-Ray Image Storage - For Presentation",
        BreastProjectionXRayImageStorageForProcessing: "Breast Projection X-Ray Image Storage - For Processing",
        IntravascularOpticalCoherenceTomographyImageStorageForPresentation: "Intravascular Optical Coherence Tomography Image Storage - For Presentation",
        IntravascularOpticalCoherenceTomographyImageStorageForProcessing: "Intravascular Optical Coherence Tomography Image Storage - For Processing",
        NuclearMedicineImageStorage: "Nuclear Medicine Image Storage",
        ParametricMapStorage: "Parametric Map Storage",
        RawDataStorage: "Raw Data Storage",
        SpatialRegistrationStorage: "Spatial Registration Storage",
        SpatialFiducialsStorage: "Spatial Fiducials Storage",
        DeformableSpatialRegistrationStorage: "Deformable Spatial Registration Storage",
        SegmentationStorage: "Segmentation Storage",
        SurfaceSegmentationStorage: "Surface Segmentation Storage",
        TractographyResultsStorage: "Tractography Results Storage",
        LabelMapSegmentationStorage: "Label Map Segmentation Storage",
        HeightMapSegmentationStorage: "Height Map Segmentation Storage",
        RealWorldValueMappingStorage: "Real World Value Mapping Storage",
        SurfaceScanMeshStorage: "Surface Scan Mesh Storage",
        SurfaceScanPointCloudStorage: "Surface Scan Point Cloud Storage",
        VLEndoscopicImageStorage: "VL Endoscopic Image Storage",
        VideoEndoscopicImageStorage: "Video Endoscopic Image Storage",
        VLMicroscopicImageStorage: "VL Microscopic Image Storage",
        VideoMicroscopicImageStorage: "Video Microscopic Image Storage",
        VLSlideCoordinatesMicroscopicImageStorage: "VL Slide-Coordinates Microscopic Image Storage",
        VLPhotographicImageStorage: "VL Photographic Image Storage",
        VideoPhotographicImageStorage: "Video Photographic Image Storage",
        OphthalmicPhotography8BitImageStorage: "Ophthalmic Photography 8 Bit Image Storage",
        OphthalmicPhotography16BitImageStorage: "Ophthalmic Photography 16 Bit Image Storage",
        StereometricRelationshipStorage: "Stereometric Relationship Storage",
        OphthalmicTomographyImageStorage: "Ophthalmic Tomography Image Storage",
        WideFieldOphthalmicPhotographyStereographicProjectionImageStorage: "Wide Field Ophthalmic Photography Stereographic Projection Image Storage",
        WideFieldOphthalmicPhotography3DCoordinatesImageStorage: "Wide Field Ophthalmic Photography 3D Coordinates Image Storage",
        OphthalmicOpticalCoherenceTomographyEnFaceImageStorage: "Ophthalmic Optical Coherence Tomography En Face Image Storage",
        OphthalmicOpticalCoherenceTomographyBscanVolumeAnalysisStorage: "Ophthalmic Optical Coherence Tomography B-scan Volume Analysis Storage",
        VLWholeSlideMicroscopyImageStorage: "VL Whole Slide Microscopy Image Storage",
        DermoscopicPhotographyImageStorage: "Dermoscopic Photography Image Storage",
        ConfocalMicroscopyImageStorage: "Confocal Microscopy Image Storage",
        ConfocalMicroscopyTiledPyramidalImageStorage: "Confocal Microscopy Tiled Pyramidal Image Storage",
        LensometryMeasurementsStorage: "Lensometry Measurements Storage",
        AutorefractionMeasurementsStorage: "Autorefraction Measurements Storage",
        KeratometryMeasurementsStorage: "Keratometry Measurements Storage",
        SubjectiveRefractionMeasurementsStorage: "Subjective Refraction Measurements Storage",
        VisualAcuityMeasurementsStorage: "Visual Acuity Measurements Storage",
        SpectaclePrescriptionReportStorage: "Spectacle Prescription Report Storage",
        OphthalmicAxialMeasurementsStorage: "Ophthalmic Axial Measurements Storage",
        IntraocularLensCalculationsStorage: "Intraocular Lens Calculations Storage",
        MacularGridThicknessAndVolumeReportStorage: "Macular Grid Thickness and Volume Report Storage",
        OphthalmicVisualFieldStaticPerimetryMeasurementsStorage: "Ophthalmic Visual Field Static Perimetry Measurements Storage",
        OphthalmicThicknessMapStorage: "Ophthalmic Thickness Map Storage",
        CornealTopographyMapStorage: "Corneal Topography Map Storage",
        BasicTextSRStorage: "Basic Text SR Storage",
        EnhancedSRStorage: "Enhanced SR Storage",
        ComprehensiveSRStorage: "Comprehensive SR Storage",
        Comprehensive3DSRStorage: "Comprehensive 3D SR Storage",
        ExtensibleSRStorage: "Extensible SR Storage",
        ProcedureLogStorage: "Procedure Log Storage",
        MammographyCADSRStorage: "Mammography CAD SR Storage",
        KeyObjectSelectionDocumentStorage: "Key Object Selection Document Storage",
        ChestCADSRStorage: "Chest CAD SR Storage",
        XRayRadiationDoseSRStorage: "X-Ray Radiation Dose SR Storage",
        RadiopharmaceuticalRadiationDoseSRStorage: "Radiopharmaceutical Radiation Dose SR Storage",
        ColonCADSRStorage: "Colon CAD SR Storage",
        ImplantationPlanSRStorage: "Implantation Plan SR Storage",
        AcquisitionContextSRStorage: "Acquisition Context SR Storage",
        SimplifiedAdultEchoSRStorage: "Simplified Adult Echo SR Storage",
        PatientRadiationDoseSRStorage: "Patient Radiation Dose SR Storage",
        PlannedImagingAgentAdministrationSRStorage: "Planned Imaging Agent Administration SR Storage",
        PerformedImagingAgentAdministrationSRStorage: "Performed Imaging Agent Administration SR Storage",
        EnhancedXRayRadiationDoseSRStorage: "Enhanced X-Ray Radiation Dose SR Storage",
        WaveformAnnotationSRStorage: "Waveform Annotation SR Storage",
        ContentAssessmentResultsStorage: "Content Assessment Results Storage",
        MicroscopyBulkSimpleAnnotationsStorage: "Microscopy Bulk Simple Annotations Storage",
        EncapsulatedPDFStorage: "Encapsulated PDF Storage",
        EncapsulatedCDAStorage: "Encapsulated CDA Storage",
        EncapsulatedSTLStorage: "Encapsulated STL Storage",
        EncapsulatedOBJStorage: "Encapsulated OBJ Storage",
        EncapsulatedMTLStorage: "Encapsulated MTL Storage",
        PositronEmissionTomographyImageStorage: "Positron Emission Tomography Image Storage",
        LegacyConvertedEnhancedPETImageStorage: "Legacy Converted Enhanced PET Image Storage",
        EnhancedPETImageStorage: "Enhanced PET Image Storage",
        BasicStructuredDisplayStorage: "Basic Structured Display Storage",
        CTDefinedProcedureProtocolStorage: "CT Defined Procedure Protocol Storage",
        CTPerformedProcedureProtocolStorage: "CT Performed Procedure Protocol Storage",
        ProtocolApprovalStorage: "Protocol Approval Storage",
        XADefinedProcedureProtocolStorage: "XA Defined Procedure Protocol Storage",
        XAPerformedProcedureProtocolStorage: "XA Performed Procedure Protocol Storage",
        InventoryStorage: "Inventory Storage",
        RTImageStorage: "RT Image Storage",
        RTDoseStorage: "RT Dose Storage",
        RTStructureSetStorage: "RT Structure Set Storage",
        RTBeamsTreatmentRecordStorage: "RT Beams Treatment Record Storage",
        RTPlanStorage: "RT Plan Storage",
        RTBrachyTreatmentRecordStorage: "RT Brachy Treatment Record Storage",
        RTTreatmentSummaryRecordStorage: "RT Treatment Summary Record Storage",
        RTIonPlanStorage: "RT Ion Plan Storage",
        RTIonBeamsTreatmentRecordStorage: "RT Ion Beams Treatment Record Storage",
        RTPhysicianIntentStorage: "RT Physician Intent Storage",
        RTSegmentAnnotationStorage: "RT Segment Annotation Storage",
        RTRadiationSetStorage: "RT Radiation Set Storage",
        CArmPhotonElectronRadiationStorage: "C-Arm Photon-Electron Radiation Storage",
        TomotherapeuticRadiationStorage: "Tomotherapeutic Radiation Storage",
        RoboticArmRadiationStorage: "Robotic-Arm Radiation Storage",
        RTRadiationRecordSetStorage: "RT Radiation Record Set Storage",
        RTRadiationSalvageRecordStorage: "RT Radiation Salvage Record Storage",
        TomotherapeuticRadiationRecordStorage: "Tomotherapeutic Radiation Record Storage",
        CArmPhotonElectronRadiationRecordStorage: "C-Arm Photon-Electron Radiation Record Storage",
        RoboticRadiationRecordStorage: "Robotic Radiation Record Storage",
        RTRadiationSetDeliveryInstructionStorage: "RT Radiation Set Delivery Instruction Storage",
        RTTreatmentPreparationStorage: "RT Treatment Preparation Storage",
        EnhancedRTImageStorage: "Enhanced RT Image Storage",
        EnhancedContinuousRTImageStorage: "Enhanced Continuous RT Image Storage",
        RTPatientPositionAcquisitionInstructionStorage: "RT Patient Position Acquisition Instruction Storage",
        RTBeamsDeliveryInstructionStorage: "RT Beams Delivery Instruction Storage",
        RTBrachyApplicationSetupDeliveryInstructionStorage: "RT Brachy Application Setup Delivery Instruction Storage",
        HangingProtocolStorage: "Hanging Protocol Storage",
        ColorPaletteStorage: "Color Palette Storage",
        GenericImplantTemplateStorage: "Generic Implant Template Storage",
        ImplantAssemblyTemplateStorage: "Implant Assembly Template Storage",
        ImplantTemplateGroupStorage: "Implant Template Group Storage",
    }
)

RETIRED_STORAGE_SOP_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        UltrasoundMultiFrameImageStorageRetired: "Ultrasound Multi-frame Image Storage",
        NuclearMedicineImageStorageRetired: "Nuclear Medicine Image Storage",
        UltrasoundImageStorageRetired: "Ultrasound Image Storage",
        StandaloneOverlayStorage: "Standalone Overlay Storage",
        StandaloneCurveStorage: "Standalone Curve Storage",
        WaveformStorageTrial: "Waveform Storage - Trial",
        StandaloneModalityLUTStorage: "Standalone Modality LUT Storage",
        StandaloneVOILUTStorage: "Standalone VOI LUT Storage",
        XRayAngiographicBiPlaneImageStorage: "X-Ray Angiographic Bi-Plane Image Storage",
        VLImageStorageTrial: "VL Image Storage - Trial",
        VLMultiFrameImageStorageTrial: "VL Multi-frame Image Storage - Trial",
        TextSRStorageTrial: "Text SR Storage - Trial",
        AudioSRStorageTrial: "Audio SR Storage - Trial",
        DetailSRStorageTrial: "Detail SR Storage - Trial",
        ComprehensiveSRStorageTrial: "Comprehensive SR Storage - Trial",
        StandalonePETCurveStorage: "Standalone PET Curve Storage",
        RTBeamsDeliveryInstructionStorageTrial: "RT Beams Delivery Instruction Storage - Trial",
    }
)


def _syntax(uid: str, name: str, words: str) -> TransferSyntax:
    return TransferSyntax(
        uid,
        name,
        is_little_endian="big" not in words,
        is_explicit_vr="implicit" not in words,
        is_encapsulated="encapsulated" in words,
        is_deflated="deflated" in words,
    )


# Said is only what differs from explicit VR little endian.
_TRANSFER_SYNTAXES: Final = (
    _syntax(ImplicitVRLittleEndian, "Implicit VR Little Endian", "implicit"),
    _syntax(ExplicitVRLittleEndian, "Explicit VR Little Endian", ""),
    _syntax(
        EncapsulatedUncompressedExplicitVRLittleEndian,
        "Encapsulated Uncompressed Explicit VR Little Endian",
        "encapsulated",
    ),
    _syntax(DeflatedExplicitVRLittleEndian, "Deflated Explicit VR Little Endian", "deflated"),
    _syntax(ExplicitVRBigEndian, "Explicit VR Big Endian", "big"),
    _syntax(JPEGBaseline8Bit, "JPEG Baseline (Process 1)", "encapsulated"),
    _syntax(JPEGExtended12Bit, "JPEG Extended (Process 2 and 4)", "encapsulated"),
    _syntax(JPEGExtended35, "JPEG Extended (Process 3 and 5)", "encapsulated"),
    _syntax(
        JPEGSpectralSelectionNonHierarchical68,
        "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)",
        "encapsulated",
    ),
    _syntax(
        JPEGSpectralSelectionNonHierarchical79,
        "JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)",
        "encapsulated",
    ),
    _syntax(
        JPEGFullProgressionNonHierarchical1012,
        "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)",
        "encapsulated",
    ),
    _syntax(
        JPEGFullProgressionNonHierarchical1113,
        "JPEG Full Progression, Non-Hierarchical (Process 11 and 13)",
        "encapsulated",
    ),
    _syntax(JPEGLossless, "JPEG Lossless, Non-Hierarchical (Process 14)", "encapsulated"),
    _syntax(JPEGLosslessNonHierarchical15, "JPEG Lossless, Non-Hierarchical (Process 15)", "encapsulated"),
    _syntax(JPEGExtendedHierarchical1618, "JPEG Extended, Hierarchical (Process 16 and 18)", "encapsulated"),
    _syntax(JPEGExtendedHierarchical1719, "JPEG Extended, Hierarchical (Process 17 and 19)", "encapsulated"),
    _syntax(
        JPEGSpectralSelectionHierarchical2022,
        "JPEG Spectral Selection, Hierarchical (Process 20 and 22)",
        "encapsulated",
    ),
    _syntax(
        JPEGSpectralSelectionHierarchical2123,
        "JPEG Spectral Selection, Hierarchical (Process 21 and 23)",
        "encapsulated",
    ),
    _syntax(
        JPEGFullProgressionHierarchical2426,
        "JPEG Full Progression, Hierarchical (Process 24 and 26)",
        "encapsulated",
    ),
    _syntax(
        JPEGFullProgressionHierarchical2527,
        "JPEG Full Progression, Hierarchical (Process 25 and 27)",
        "encapsulated",
    ),
    _syntax(JPEGLosslessHierarchical28, "JPEG Lossless, Hierarchical (Process 28)", "encapsulated"),
    _syntax(JPEGLosslessHierarchical29, "JPEG Lossless, Hierarchical (Process 29)", "encapsulated"),
    _syntax(
        JPEGLosslessSV1,
        "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])",
        "encapsulated",
    ),
    _syntax(JPEGLSLossless, "JPEG-LS Lossless Image Compression", "encapsulated"),
    _syntax(JPEGLSNearLossless, "JPEG-LS Lossy (Near-Lossless) Image Compression", "encapsulated"),
    _syntax(JPEG2000Lossless, "JPEG 2000 Image Compression (Lossless Only)", "encapsulated"),
    _syntax(JPEG2000, "JPEG 2000 Image Compression", "encapsulated"),
    _syntax(
        JPEG2000MCLossless,
        "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)",
        "encapsulated",
    ),
    _syntax(JPEG2000MC, "JPEG 2000 Part 2 Multi-component Image Compression", "encapsulated"),
    _syntax(JPIPReferenced, "JPIP Referenced", ""),
    _syntax(JPIPReferencedDeflate, "JPIP Referenced Deflate", "deflated"),
    _syntax(MPEG2MPML, "MPEG2 Main Profile / Main Level", "encapsulated"),
    _syntax(MPEG2MPMLF, "Fragmentable MPEG2 Main Profile / Main Level", "encapsulated"),
    _syntax(MPEG2MPHL, "MPEG2 Main Profile / High Level", "encapsulated"),
    _syntax(MPEG2MPHLF, "Fragmentable MPEG2 Main Profile / High Level", "encapsulated"),
    _syntax(MPEG4HP41, "MPEG-4 AVC/H.264 High Profile / Level 4.1", "encapsulated"),
    _syntax(MPEG4HP41F, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", "encapsulated"),
    _syntax(MPEG4HP41BD, "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "encapsulated"),
    _syntax(MPEG4HP41BDF, "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "encapsulated"),
    _syntax(MPEG4HP422D, "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "encapsulated"),
    _syntax(MPEG4HP422DF, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "encapsulated"),
    _syntax(MPEG4HP423D, "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "encapsulated"),
    _syntax(MPEG4HP423DF, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "encapsulated"),
    _syntax(MPEG4HP42STEREO, "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "encapsulated"),
    _syntax(MPEG4HP42STEREOF, "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "encapsulated"),
    _syntax(HEVCMP51, "HEVC/H.265 Main Profile / Level 5.1", "encapsulated"),
    _syntax(HEVCM10P51, "HEVC/H.265 Main 10 Profile / Level 5.1", "encapsulated"),
    _syntax(JPEGXLLossless, "JPEG XL Lossless", "encapsulated"),
    _syntax(JPEGXLJPEGRecompression, "JPEG XL JPEG Recompression", "encapsulated"),
    _syntax(JPEGXL, "JPEG XL", "encapsulated"),
    _syntax(HTJ2KLossless, "High-Throughput JPEG 2000 Image Compression (Lossless Only)", "encapsulated"),
    _syntax(
        HTJ2KLosslessRPCL,
        "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)",
        "encapsulated",
    ),
    _syntax(HTJ2K, "High-Throughput JPEG 2000 Image Compression", "encapsulated"),
    _syntax(JPIPHTJ2KReferenced, "JPIP HTJ2K Referenced", ""),
    _syntax(JPIPHTJ2KReferencedDeflate, "JPIP HTJ2K Referenced Deflate", "deflated"),
    _syntax(RLELossless, "RLE Lossless", "encapsulated"),
    _syntax(
        SMPTEST211020UncompressedProgressiveActiveVideo,
        "SMPTE ST 2110-20 Uncompressed Progressive Active Video",
        "",
    ),
    _syntax(
        SMPTEST211020UncompressedInterlacedActiveVideo,
        "SMPTE ST 2110-20 Uncompressed Interlaced Active Video",
        "",
    ),
    _syntax(SMPTEST211030PCMDigitalAudio, "SMPTE ST 2110-30 PCM Digital Audio", ""),
    _syntax(DeflatedImageFrameCompression, "Deflated Image Frame Compression", "encapsulated"),
    _syntax(Papyrus3ImplicitVRLittleEndian, "Papyrus 3 Implicit VR Little Endian", "implicit"),
)

TRANSFER_SYNTAXES: Final[Mapping[str, TransferSyntax]] = MappingProxyType(
    {syntax.uid: syntax for syntax in _TRANSFER_SYNTAXES}
)
